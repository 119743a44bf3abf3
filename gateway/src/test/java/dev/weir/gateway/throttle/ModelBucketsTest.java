package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the proof hangs on: time that has passed is filled up with the leases outstanding then. That
 * the script does the same is for DrawScriptIT to say.
 */
class ModelBucketsTest {
  /** A token a millisecond, 100 at most. */
  private static final Tier TIER = new Tier("tier", new BucketShape(1, 1, 100));

  private final ModelBuckets buckets = new ModelBuckets();

  private Drawn draw(int need, Draw.Report report, long now) {
    return drawAtMicros(need, report, now * 1000);
  }

  private Drawn drawAtMicros(int need, Draw.Report report, long now) {
    return buckets.draw("gateway", List.of(new Draw(TIER, need, report)), now).getFirst();
  }

  private long remaining(long now) {
    return draw(0, Draw.Report.NONE, now).remaining();
  }

  private void lease() {
    assertThat(draw(1, new Draw.Report(1, 1, 0, 40, 0), 0)).isEqualTo(new Drawn(true, 40, 59, 1));
  }

  @Test
  void nothingFlowsIntoTheRoomOfALease() {
    lease();
    assertThat(remaining(1)).isEqualTo(60);
    assertThat(remaining(999)).isEqualTo(60);
  }

  @Test
  void anExpiryMakesRoomForWhatFlowsInAfterwardsOnly() {
    lease();
    assertThat(remaining(1005)).isEqualTo(65);
  }

  @Test
  void aReportMakesRoomForWhatFlowsInAfterwardsOnly() {
    lease();
    Draw.Report spent = new Draw.Report(1, 2, 0, 0, 0);
    assertThat(draw(0, spent, 500).remaining()).isEqualTo(60);
    assertThat(remaining(505)).isEqualTo(65);
  }

  @Test
  void aMillisecondThatPassedWhileTheBucketWasFullBringsNothingAfterwards() {
    assertThat(drawAtMicros(1, Draw.Report.NONE, 999).remaining()).isEqualTo(99);
    assertThat(drawAtMicros(0, Draw.Report.NONE, 1998)).isEqualTo(new Drawn(true, 0, 99, 1));
    assertThat(drawAtMicros(0, Draw.Report.NONE, 1999).remaining()).isEqualTo(100);
  }

  @Test
  void whatIsReturnedIsThereAtOnce() {
    lease();
    assertThat(draw(0, new Draw.Report(1, 2, 10, 0, 30), 500).remaining()).isEqualTo(90);
    assertThat(remaining(501)).as("10 are still out").isEqualTo(90);
  }
}
