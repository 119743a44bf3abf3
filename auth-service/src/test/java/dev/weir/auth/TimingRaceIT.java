package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.Durations;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Who has an account cannot be told by how long a wrong password takes, at the price that a hash
 * has in production. It measures, so it is a drill's alone: {@code ./weir drill races --only R22}
 * on a machine with nothing else to do.
 */
@EnabledIfSystemProperty(named = "weir.race.runs", matches = "\\d{2,}")
class TimingRaceIT {
  private static final int PAIRS_A_RUN = 10;

  /** Below the ten logins to one identity in a quarter of an hour. */
  private static final int PAIRS_OF_ONE = 8;

  private static final int TO_WARM_UP = 100;

  private final RandomGenerator coin = RandomGenerator.getDefault();
  private final List<Long> known = new ArrayList<>();
  private final List<Long> unknown = new ArrayList<>();

  @Test
  @Tag("R22")
  void takesAsLongForNobodyAsForSomebody() {
    int pairs = PAIRS_A_RUN * Integer.getInteger("weir.race.runs", 1);
    for (int i = 0; i < pairs + TO_WARM_UP; i += PAIRS_OF_ONE) {
      if (i <= TO_WARM_UP) {
        known.clear();
        unknown.clear();
      }
      pairs();
    }
    var somebody = new Durations(known);
    var nobody = new Durations(unknown);
    double apart = 100 * Math.abs(somebody.medianMillis() / nobody.medianMillis() - 1);
    System.out.printf(
        Locale.ROOT,
        "R22: %,d pairs; wrong password of an account and of none: medians %.3f and %.3f ms,"
            + " %.2f %% apart; Welch t %.2f; KS distance %.4f, where 1 in 100 is above %.4f%n",
        known.size(),
        somebody.medianMillis(),
        nobody.medianMillis(),
        apart,
        somebody.welch(nobody),
        somebody.distance(nobody),
        1.628 * Math.sqrt(2.0 / known.size()));
    assertThat(apart).isLessThan(5);
  }

  private void pairs() {
    var client = TestSystem.shared().dear();
    var somebody = Person.registered(client);
    var nobody = Person.stranger(client);
    for (int i = 0; i < PAIRS_OF_ONE; i++) {
      boolean first = coin.nextBoolean();
      if (first) {
        known.add(wrong(somebody));
      }
      unknown.add(wrong(nobody));
      if (!first) {
        known.add(wrong(somebody));
      }
    }
  }

  private static long wrong(Person person) {
    long begin = System.nanoTime();
    var answer = person.login("not it at all, no");
    long took = System.nanoTime() - begin;
    assertThat(answer.status()).isEqualTo(401);
    return took;
  }
}
