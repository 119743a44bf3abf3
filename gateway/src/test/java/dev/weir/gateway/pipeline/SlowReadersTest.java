package dev.weir.gateway.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Time moves by hand: an embedded channel keeps a clock of its own. */
class SlowReadersTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SlowReaders readers = new SlowReaders(Duration.ofSeconds(4), meters);
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final SlowReaders.Wait wait = readers.of(channel);

  @BeforeEach
  void stopTheClock() {
    channel.freezeTime();
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  private double ended() {
    return meters.counter("weir.answers.unread").count();
  }

  @Test
  void endsWhatWaitsForTheWholeBoundAndAQuarterAtMost() {
    wait.begin();
    pass(4);
    assertThat(channel.isOpen()).isTrue();
    pass(1);
    assertThat(channel.isOpen()).isFalse();
    assertThat(ended()).isEqualTo(1);
  }

  @Test
  void letsThoseBeWhoReadNowAndThen() {
    for (int i = 0; i < 5; i++) {
      wait.begin();
      pass(3);
      wait.end();
    }
    assertThat(channel.isOpen()).isTrue();
    assertThat(ended()).isZero();
  }

  @Test
  void restartsNoTimeThatRuns() {
    wait.begin();
    pass(3);
    wait.begin();
    pass(2);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void takesOutOfTheMiddleWhoeverIsDone() {
    SlowReaders.Wait second = readers.of(channel);
    SlowReaders.Wait third = readers.of(channel);
    wait.begin();
    second.begin();
    third.begin();
    second.finish();
    wait.finish();
    third.finish();
    pass(6);
    assertThat(channel.isOpen()).isTrue();
    // The line is empty and starts anew.
    SlowReaders.Wait fourth = readers.of(channel);
    fourth.begin();
    pass(5);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void takesNobodyInWhoIsDone() {
    wait.finish();
    wait.begin();
    pass(6);
    assertThat(channel.isOpen()).isTrue();
  }
}
