package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.Comparison;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * R22, by the clock and so for {@code ./weir drill races} alone: a wrong password takes as long
 * where there is an account as where there is none, at the price of production. That both do the
 * same work is {@code LoginWorkIT}, among the tests.
 */
@EnabledIfSystemProperty(named = "weir.race.runs", matches = "\\d+")
class TimingRaceIT {
  private static final int WARM_UP = 100;

  /** Below the hundred failures in a row after which nobody is listened to any more. */
  private static final int PAIRS_A_PERSON = 40;

  /** The share of a hash by which the medians may differ. */
  private static final double MOST_APART = 0.05;

  private final Random order = new Random(22);
  private final AuthClient client = TestSystem.shared().priced();

  @Test
  @Tag("R22")
  void answersAWrongPasswordNoSoonerWhereThereIsNoAccount() {
    int pairs = Integer.getInteger("weir.race.runs", 200);
    var people =
        IntStream.range(0, (WARM_UP + pairs) / PAIRS_A_PERSON + 1)
            .mapToObj(_ -> Person.registered(client))
            .toList();
    for (int i = 0; i < WARM_UP; i++) {
      pair(people, i);
    }
    var known = new double[pairs];
    var unknown = new double[pairs];
    for (int i = 0; i < pairs; i++) {
      var took = pair(people, WARM_UP + i);
      known[i] = took.known();
      unknown[i] = took.unknown();
    }
    judge(new Comparison(known, unknown), pairs);
  }

  private static void judge(Comparison comparison, int pairs) {
    boolean isTelling = comparison.apart() >= MOST_APART;
    System.out.printf(
        Locale.ROOT,
        "R22: %,d runs, %d violations; a wrong password of an account and of none: %s%n",
        pairs,
        isTelling ? 1 : 0,
        comparison.told());
    assertThat(comparison.apart()).isLessThan(MOST_APART);
  }

  /**
   * Beside each other, so that whatever else the machine does falls on both, and in an order of
   * chance: in strict turns, one kind could always meet the slower of the connections and threads.
   */
  private Pair pair(List<Person> people, int number) {
    var person = people.get(number % people.size());
    var nobody = person.withEmail("no-" + person.email());
    if (order.nextBoolean()) {
      double known = millis(person);
      return new Pair(known, millis(nobody));
    }
    double unknown = millis(nobody);
    return new Pair(millis(person), unknown);
  }

  private static double millis(Person person) {
    var body = Map.of("email", person.email(), "password", "four black cats sat still");
    long begin = System.nanoTime();
    var answer = person.client().post("/login", body);
    double took = (System.nanoTime() - begin) / 1e6;
    assertThat(answer.code()).isEqualTo("invalid-credentials");
    return took;
  }

  private record Pair(double known, double unknown) {}
}
