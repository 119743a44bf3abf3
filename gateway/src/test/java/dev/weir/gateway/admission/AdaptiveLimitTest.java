package dev.weir.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.route.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  private final AdaptiveLimit limit =
      new AdaptiveLimit(new LimitBounds(10, 100, 1000, Duration.ofMillis(20)));

  @Test
  void shedsTheLowestClassFirst() {
    assertThat(admit(Priority.LOW, 200)).isEqualTo(50);
    assertThat(admit(Priority.NORMAL, 200)).isEqualTo(25);
    assertThat(admit(Priority.HIGH, 200)).isEqualTo(15);
    assertThat(admit(Priority.CRITICAL, 200)).isEqualTo(10);
    assertThat(limit.inFlight()).isEqualTo(100);
  }

  @Test
  void admitsAgainAfterARelease() {
    admit(Priority.CRITICAL, 200);
    assertThat(limit.tryAcquire(Priority.CRITICAL)).isFalse();
    limit.release();
    assertThat(limit.tryAcquire(Priority.CRITICAL)).isTrue();
  }

  @Test
  void followsTheLag() {
    admit(Priority.CRITICAL, 80);
    limit.adjust(() -> Duration.ofMillis(100).toNanos());
    assertThat(limit.limit(Priority.CRITICAL)).isEqualTo(68);
    limit.adjust(() -> 0);
    assertThat(limit.limit(Priority.CRITICAL)).isEqualTo(81);
  }

  @Test
  void neverAdmitsBeyondTheLimitFromManyThreads() throws InterruptedException {
    AtomicInteger admitted = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.startVirtualThread(() -> admitted.addAndGet(admit(Priority.CRITICAL, 1000))));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(admitted).hasValueLessThanOrEqualTo(100).hasValueGreaterThanOrEqualTo(93);
    assertThat(limit.inFlight()).isEqualTo(admitted.get());
  }

  @Test
  void admitsOnOneLoopWhatAnotherGaveBack() throws InterruptedException {
    Thread other =
        Thread.startVirtualThread(
            () -> {
              int admitted = admit(Priority.CRITICAL, 100);
              for (int i = 0; i < admitted; i++) {
                limit.release();
              }
            });
    other.join();
    assertThat(limit.inFlight()).isZero();
    assertThat(admit(Priority.LOW, 200)).isEqualTo(50);
    assertThat(admit(Priority.CRITICAL, 200)).isEqualTo(50);
  }

  @Test
  void takesBackOnOneLoopWhatAnotherAdmitted() throws InterruptedException {
    Thread other = Thread.startVirtualThread(() -> admit(Priority.CRITICAL, 100));
    other.join();
    for (int i = 0; i < 100; i++) {
      limit.release();
    }
    assertThat(limit.inFlight()).isZero();
    assertThat(admit(Priority.CRITICAL, 200)).isEqualTo(100);
  }

  @Test
  void holdsAFallenLimitAgainstWhatIsInFlight() {
    admit(Priority.CRITICAL, 100);
    limit.adjust(() -> Duration.ofMillis(100).toNanos());
    for (int i = 0; i < 15; i++) {
      limit.release();
    }
    assertThat(limit.limit(Priority.CRITICAL)).isEqualTo(85);
    assertThat(limit.tryAcquire(Priority.CRITICAL)).isFalse();
    limit.release();
    assertThat(limit.tryAcquire(Priority.CRITICAL)).isTrue();
  }

  @Test
  void staysWithinTheLimitWhileManyThreadsComeAndGo() throws InterruptedException {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(Thread.ofPlatform().start(() -> comeAndGo(inside, most)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most).hasValueLessThanOrEqualTo(100).hasPositiveValue();
    assertThat(limit.inFlight()).isZero();
    assertThat(admit(Priority.CRITICAL, 200)).isEqualTo(100);
  }

  private void comeAndGo(AtomicInteger inside, AtomicInteger most) {
    for (int round = 0; round < 2_000; round++) {
      int held = admit(Priority.CRITICAL, 1 + round % 30);
      most.accumulateAndGet(inside.addAndGet(held), Math::max);
      inside.addAndGet(-held);
      for (int i = 0; i < held; i++) {
        limit.release();
      }
    }
  }

  private int admit(Priority priority, int tries) {
    int admitted = 0;
    for (int i = 0; i < tries; i++) {
      if (limit.tryAcquire(priority)) {
        admitted++;
      }
    }
    return admitted;
  }
}
