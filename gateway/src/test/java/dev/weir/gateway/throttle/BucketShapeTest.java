package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.Limit;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BucketShapeTest {

  private static BucketShape shape(long tokens, Duration window, long burst) {
    return BucketShape.of(limit(tokens, window, burst));
  }

  private static Limit limit(long tokens, Duration window, long burst) {
    return new Limit("x", Limit.Key.ADDRESS, tokens, window, burst, Limit.OnRedisLoss.LOCAL);
  }

  @Test
  void refillsContinuouslyWithinASubSecondWindow() {
    BucketShape shape = shape(5, Duration.ofMillis(100), 5);
    BucketShape.Level level = shape.full(0);
    for (int i = 0; i < 5; i++) {
      assertThat(shape.holds(level, 1)).isTrue();
      level = shape.taken(level, 1);
    }
    assertThat(shape.refused(level, 1)).isEqualTo(new TierState(false, 0, 20));
    assertThat(shape.holds(shape.refilled(level, 19), 1)).isFalse();
    assertThat(shape.holds(shape.refilled(level, 20), 1)).isTrue();
  }

  @Test
  void countsPerMinuteWithoutDrift() {
    BucketShape shape = shape(7, Duration.ofMinutes(1), 1);
    BucketShape.Level level = shape.full(0);
    int taken = 0;
    for (long now = 0; now < 3_600_000; now++) {
      level = shape.refilled(level, now);
      if (shape.holds(level, 1)) {
        level = shape.taken(level, 1);
        taken++;
      }
    }
    // The first from the burst, then 7 a minute; each wait ends on the next whole millisecond.
    assertThat(taken).isBetween(419, 420);
  }

  @Test
  void neverGivesMoreThanBurstAndRateWhateverTheTimes() {
    Random random = new Random(7);
    for (int run = 0; run < 200; run++) {
      long tokens = 1L + random.nextInt(1000);
      long window = 1L + random.nextInt(5000);
      long burst = 1L + random.nextInt(50);
      BucketShape shape = shape(tokens, Duration.ofMillis(window), burst);
      BucketShape.Level level = shape.full(0);
      long now = 0;
      long taken = 0;
      for (int i = 0; i < 2000; i++) {
        now += random.nextInt(5);
        level = shape.refilled(level, now);
        if (shape.holds(level, 1)) {
          level = shape.taken(level, 1);
          taken++;
        }
        assertThat(taken).isLessThanOrEqualTo(burst + now * tokens / window);
      }
    }
  }

  @Test
  void aClockThatStepsBackBringsNothing() {
    BucketShape shape = shape(1, Duration.ofSeconds(1), 2);
    BucketShape.Level level = shape.taken(shape.taken(shape.full(10_000), 1), 1);
    level = shape.refilled(level, 5_000);
    assertThat(shape.holds(level, 1)).isFalse();
    assertThat(shape.holds(shape.refilled(level, 10_999), 1)).isFalse();
    assertThat(shape.holds(shape.refilled(level, 11_000), 1)).isTrue();
  }

  @Test
  void holdsTheLargestLimitWithoutOverflow() {
    BucketShape shape = shape(999_999_937, Duration.ofDays(31).minusMillis(1), 1_000_000_000);
    BucketShape.Level level = shape.taken(shape.full(0), 1);
    assertThat(shape.refilled(level, Long.MAX_VALUE / 2)).isEqualTo(shape.full(Long.MAX_VALUE / 2));
    assertThat(shape.allowed(level).remaining()).isEqualTo(999_999_999);
  }

  @Test
  void sharesDivideTheRateExactlyAndTheBurstDownToOne() {
    Limit limit = limit(10, Duration.ofSeconds(1), 2);
    BucketShape share = BucketShape.share(limit, 4);
    BucketShape.Level level = share.full(0);
    assertThat(share.allowed(level).remaining()).isEqualTo(1);
    level = share.taken(level, 1);
    assertThat(share.holds(share.refilled(level, 399), 1)).isFalse();
    assertThat(share.holds(share.refilled(level, 400), 1)).isTrue();
  }

  @Test
  void takesWhatARequestWeighsAtOnceAndTellsWhenItWillBeThere() {
    BucketShape shape = shape(8, Duration.ofMinutes(1), 10); // one each 7.5 s
    BucketShape.Level level = shape.taken(shape.full(0), 7);

    assertThat(shape.holds(level, 3)).isTrue();
    assertThat(shape.holds(level, 4)).isFalse();
    assertThat(shape.refused(level, 5)).isEqualTo(new TierState(false, 3, 15_000));
    assertThat(shape.holds(shape.refilled(level, 14_999), 5)).isFalse();
    assertThat(shape.holds(shape.refilled(level, 15_000), 5)).isTrue();
    assertThat(shape.returned(level, 7)).isEqualTo(shape.full(0));
  }

  @Test
  void aShareHoldsTheDearestRequestAtLeast() {
    Cost cost = new Cost(1, Map.of("POST", 40));
    BucketShape share = BucketShape.share(limit(10, Duration.ofSeconds(1), 100).withCost(cost), 4);

    assertThat(share.holds(share.full(0), 40)).isTrue();
    assertThat(share.holds(share.full(0), 41)).isFalse();
  }

  /** What {@code check} says of a limit, and what the gateway does. */
  @Test
  void aLimitIsDrawnAheadWhereItsBucketsAreLeased() {
    for (long tokens : new long[] {1, 2, 3, 8, 9, 12, 13, 100}) {
      for (long millis : new long[] {1, 7, 250, 999, 1000, 1001, 60_000}) {
        for (long burst : new long[] {1, 11, 12, 100}) {
          Limit limit = limit(tokens, Duration.ofMillis(millis), burst);
          LeaseCell cell = new LeaseCell(new Tier("x", BucketShape.of(limit)), 1);
          assertThat(limit.isDrawnAhead()).as("%s", limit).isEqualTo(cell.isLeasable());
        }
      }
    }
  }
}
