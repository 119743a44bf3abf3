package dev.weir.auth.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Bounds what checks of imported hashes take of the heap at once. */
class HashMemoryTest {
  private static final long MIB = 1 << 20;
  private static final Duration LONG = Duration.ofMinutes(1);

  private final AtomicLong held = new AtomicLong();
  private final AtomicLong most = new AtomicLong();

  @Test
  void neverGivesOutMoreThanThereIs() throws Exception {
    var memory = new HashMemory(100 * MIB, LONG);
    try (var threads = Executors.newFixedThreadPool(16)) {
      var checks = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 400; i++) {
        long bytes = (1 + i % 64) * MIB;
        checks.add(threads.submit(() -> memory.with(bytes, holding(bytes))));
      }
      for (var check : checks) {
        assertThat(check.get(30, TimeUnit.SECONDS)).isTrue();
      }
    }
    assertThat(most.get()).isPositive().isLessThanOrEqualTo(100 * MIB);
  }

  @Test
  void letsOneWaitForAnotherAndRefusesWhoCannot() throws Exception {
    var memory = new HashMemory(100 * MIB, LONG);
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(2)) {
      var first = threads.submit(() -> hold(memory, 64 * MIB, begun, end));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      var second = threads.submit(() -> memory.with(64 * MIB, () -> end.getCount() == 0));
      await().until(memory::hasWaiting);
      end.countDown();
      assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(second.get(10, TimeUnit.SECONDS)).as("after the first").isTrue();
    }
    var hasty = new HashMemory(MIB, Duration.ZERO);
    assertThatThrownBy(() -> hasty.with(MIB, () -> hasty.with(MIB, () -> true)))
        .isInstanceOf(HashMemory.Exhausted.class);
    assertThat(hasty.with(MIB, () -> true)).as("and gives all of it back").isTrue();
  }

  /**
   * bcrypt and PBKDF2: behind a large one they would be refused for want of what they never take.
   */
  @Test
  void keepsNobodyWaitingWhoNeedsNone() throws Exception {
    var memory = new HashMemory(MIB, LONG);
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    try (var threads = Executors.newFixedThreadPool(2)) {
      var first = threads.submit(() -> hold(memory, MIB, begun, end));
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      var second = threads.submit(() -> memory.with(MIB, () -> true));
      await().until(memory::hasWaiting);
      var none = Thread.startVirtualThread(() -> freed(memory, end));
      assertThat(none.join(Duration.ofSeconds(10))).as("while another waits").isTrue();
      assertThat(first.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(second.get(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      end.countDown();
    }
  }

  private static void freed(HashMemory memory, CountDownLatch end) {
    try {
      memory.with(
          0,
          () -> {
            end.countDown();
            return true;
          });
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void givesRoomForOneOfAnySizeInASmallHeap() throws Exception {
    assertThat(HashMemory.of(64 * MIB).with(ForeignHash.MOST_MEMORY, () -> true)).isTrue();
    assertThat(new HashMemory(MIB, Duration.ZERO).with(2 * MIB, () -> true)).isTrue();
  }

  private Callable<Boolean> holding(long bytes) {
    return () -> {
      most.accumulateAndGet(held.addAndGet(bytes), Math::max);
      Thread.onSpinWait();
      held.addAndGet(-bytes);
      return true;
    };
  }

  private static boolean hold(
      HashMemory memory, long bytes, CountDownLatch begun, CountDownLatch end) throws Exception {
    return memory.with(
        bytes,
        () -> {
          begun.countDown();
          return end.await(30, TimeUnit.SECONDS);
        });
  }
}
