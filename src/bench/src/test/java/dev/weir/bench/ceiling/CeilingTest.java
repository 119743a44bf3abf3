package dev.weir.bench.ceiling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CeilingTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;
  private static final Bucket BUCKET = new Bucket(100, 10);

  private final Ceiling ceiling = new Ceiling(BUCKET);
  private final Passed passed = new Passed();

  private void pass(long sentNanos, long arrivedNanos) {
    passed.add(0, sentNanos, arrivedNanos);
  }

  /** A full bucket at once, then each token as it comes: all that the promise allows. */
  private void passAllThatMay(int requests) {
    for (int i = 0; i < requests; i++) {
      long at = Math.max(0, i - 9) * 10L * MILLI;
      pass(at, at);
    }
  }

  @Test
  void aCallerThatTakesAllItMayHolds() {
    passAllThatMay(500);

    assertThat(ceiling.whole(passed).holds()).isTrue();
    assertThat(ceiling.whole(passed).passed()).isEqualTo(ceiling.whole(passed).most());
    assertThat(ceiling.fullest(passed).holds()).isTrue();
    assertThat(ceiling.bunched(passed)).isZero();
  }

  @Test
  void oneRequestTooManyBreaksTheWholeRun() {
    passAllThatMay(500);
    pass(4900 * MILLI, 4900 * MILLI);

    assertThat(ceiling.whole(passed).holds()).isFalse();
    assertThat(ceiling.fullest(passed).holds()).isFalse();
    assertThat(ceiling.bunched(passed)).isEqualTo(1);
  }

  @Test
  void oneNanosecondTooEarlyBreaksIt() {
    passAllThatMay(500);
    pass(4910 * MILLI - 1, 4910 * MILLI - 1);

    assertThat(ceiling.whole(passed).holds()).isFalse();
    assertThat(ceiling.fullest(passed).holds()).isFalse();
  }

  @Test
  void oneRequestTooManyInOneIntervalIsFoundWhereTheWholeRunHolds() {
    for (int i = 0; i < 1000; i++) {
      // Half of the rate for ten seconds, in the midst of which eleven come at once.
      long at = i * 20L * MILLI;
      pass(at, at);
      for (int more = 0; i == 500 && more < 10; more++) {
        pass(at, at);
      }
    }

    assertThat(ceiling.whole(passed).holds()).isTrue();
    var fullest = ceiling.fullest(passed);
    assertThat(fullest.holds()).isFalse();
    assertThat(fullest.passed() - fullest.most()).isEqualTo(1);
    assertThat(fullest.fromNanos()).isEqualTo(10 * SECOND);
    assertThat(fullest.toNanos()).isEqualTo(10 * SECOND);
  }

  @Test
  void asManyAsABurstAtOnceAreAllowed() {
    for (int i = 0; i < 10; i++) {
      pass(SECOND, SECOND);
    }

    assertThat(ceiling.fullest(passed).holds()).isTrue();
  }

  @Test
  void requestsThatWereHeldUpOnTheirWayAreNoExcess() {
    for (int i = 0; i < 50; i++) {
      pass(i * 10L * MILLI, SECOND);
    }

    assertThat(ceiling.bunched(passed)).isEqualTo(40);
    assertThat(ceiling.fullest(passed).holds()).isTrue();
  }

  @Test
  void heldUpRequestsHideNoExcessAroundThem() {
    for (int i = 0; i < 50; i++) {
      pass(i * 10L * MILLI, SECOND);
    }
    for (int i = 0; i < 11; i++) {
      pass(SECOND + i, SECOND + 20);
    }

    assertThat(ceiling.fullest(passed).holds()).isFalse();
  }

  @Test
  void findsWhatTryingEveryIntervalFinds() {
    for (long seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var some = new Passed();
      long at = 0;
      for (int i = 0; i < 60; i++) {
        at += random.nextLong(16 * MILLI);
        some.add(0, at - random.nextLong(1 + Math.min(at, 30 * MILLI)), at);
      }

      var fullest = ceiling.fullest(some);
      assertThat(sharesOver(fullest)).as("seed %d", seed).isEqualTo(worstByTrying(some));
    }
  }

  private static long sharesOver(Ceiling.Interval interval) {
    return interval.passed() * Bucket.TOKEN
        - BUCKET.inflow(interval.toNanos() - interval.fromNanos());
  }

  private static long worstByTrying(Passed some) {
    long worst = Long.MIN_VALUE;
    for (int first = 0; first < some.count(); first++) {
      for (int last = 0; last < some.count(); last++) {
        long from = some.sent(first);
        long to = some.arrived(last);
        long within = 0;
        for (int i = 0; i < some.count(); i++) {
          within += some.sent(i) >= from && some.arrived(i) <= to ? 1 : 0;
        }
        if (within > 0) {
          worst =
              Math.max(
                  worst,
                  sharesOver(new Ceiling.Interval(from, to, within, BUCKET.most(to - from))));
        }
      }
    }
    return worst;
  }

  @Test
  void theShareIsOfWhatOneBucketWouldHaveLetPass() {
    long[] sent = new long[2000];
    for (int i = 0; i < sent.length; i++) {
      // Twice the rate: half of it could pass, once the burst is gone.
      sent[i] = i * 5L * MILLI;
      if (i >= 1000 && i % 4 == 0) {
        pass(sent[i], sent[i]);
      }
    }

    var use = ceiling.use(passed, sent, 5 * SECOND, 10 * SECOND);

    assertThat(use.available()).isEqualTo(500);
    assertThat(use.passed()).isEqualTo(250);
    assertThat(use.share()).isEqualTo(0.5);
  }

  @Test
  void nothingPassedIsNothingBroken() {
    assertThat(ceiling.whole(passed).holds()).isTrue();
    assertThat(ceiling.fullest(passed).holds()).isTrue();
  }
}
