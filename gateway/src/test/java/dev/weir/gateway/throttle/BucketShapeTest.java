package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.route.Limit;
import java.time.Duration;
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
      assertThat(shape.holdsToken(level)).isTrue();
      level = shape.taken(level);
    }
    assertThat(shape.describe(false, level)).isEqualTo(new TierState(false, 0, 20));
    assertThat(shape.holdsToken(shape.refilled(level, 19))).isFalse();
    assertThat(shape.holdsToken(shape.refilled(level, 20))).isTrue();
  }

  @Test
  void countsPerMinuteWithoutDrift() {
    BucketShape shape = shape(7, Duration.ofMinutes(1), 1);
    BucketShape.Level level = shape.full(0);
    int taken = 0;
    for (long now = 0; now < 3_600_000; now++) {
      level = shape.refilled(level, now);
      if (shape.holdsToken(level)) {
        level = shape.taken(level);
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
        if (shape.holdsToken(level)) {
          level = shape.taken(level);
          taken++;
        }
        assertThat(taken).isLessThanOrEqualTo(burst + now * tokens / window);
      }
    }
  }

  @Test
  void aClockThatStepsBackBringsNothing() {
    BucketShape shape = shape(1, Duration.ofSeconds(1), 2);
    BucketShape.Level level = shape.taken(shape.taken(shape.full(10_000)));
    level = shape.refilled(level, 5_000);
    assertThat(shape.holdsToken(level)).isFalse();
    assertThat(shape.holdsToken(shape.refilled(level, 10_999))).isFalse();
    assertThat(shape.holdsToken(shape.refilled(level, 11_000))).isTrue();
  }

  @Test
  void holdsTheLargestLimitWithoutOverflow() {
    BucketShape shape = shape(999_999_937, Duration.ofDays(31).minusMillis(1), 1_000_000_000);
    BucketShape.Level level = shape.taken(shape.full(0));
    assertThat(shape.refilled(level, Long.MAX_VALUE / 2)).isEqualTo(shape.full(Long.MAX_VALUE / 2));
    assertThat(shape.describe(true, level).remaining()).isEqualTo(999_999_999);
  }

  @Test
  void sharesDivideTheRateExactlyAndTheBurstDownToOne() {
    Limit limit = limit(10, Duration.ofSeconds(1), 2);
    BucketShape share = BucketShape.share(limit, 4);
    BucketShape.Level level = share.full(0);
    assertThat(share.describe(true, level).remaining()).isEqualTo(1);
    level = share.taken(level);
    assertThat(share.holdsToken(share.refilled(level, 399))).isFalse();
    assertThat(share.holdsToken(share.refilled(level, 400))).isTrue();
  }
}
