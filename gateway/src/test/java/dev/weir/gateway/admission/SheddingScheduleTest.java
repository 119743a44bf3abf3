package dev.weir.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.Schedules;
import dev.weir.gateway.fixture.VirtualTime;
import dev.weir.gateway.route.Priority;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of admission: bounds, arrivals by class, how long requests take and how late the
 * loops are change all the time; 3 s of virtual time in windows of 100 ms, and then the rest ends.
 * On one loop, where what is promised is exact.
 *
 * <p>Invariants: 1. A request is let in exactly where fewer of them are in flight than its class
 * may fill, so a higher class is never shed where a lower one would be let in, and nobody is shed
 * while fewer than a class's share of the minimum are in flight. 2. A class may fill no more than a
 * higher one. 3. The limit stays within its bounds, and does not grow in a window in which the
 * loops were late. 4. Permits are neither lost nor made: as many are in use as requests are in
 * flight, and none at the end.
 */
class SheddingScheduleTest {
  private static final long LENGTH_MILLIS = 3_000;
  private static final int WINDOW_MILLIS = 100;

  @Test
  void everyScheduleKeepsTheInvariantsOfShedding() {
    Schedules.asked().check("shedding", seed -> new Run(seed).go());
  }

  private static final class Run {
    private final Random random;
    private final VirtualTime time = new VirtualTime();
    private final LimitBounds bounds;
    private final AdaptiveLimit limit;
    private int inFlight;

    Run(long seed) {
      random = new Random(seed);
      int minimum = 1 + random.nextInt(20);
      int initial = minimum + random.nextInt(200);
      bounds =
          new LimitBounds(minimum, initial, initial + random.nextInt(400), Duration.ofMillis(50));
      limit = new AdaptiveLimit(bounds);
    }

    void go() {
      time.after(0, this::demand);
      time.after(WINDOW_MILLIS, this::window);
      time.run();
      assertThat(inFlight).isZero();
      assertThat(limit.inFlight()).as("none is left at the end").isZero();
    }

    /** For a while requests come at one pace and take about as long. */
    private void demand() {
      if (time.now() < LENGTH_MILLIS) {
        int length = 20 + random.nextInt(400);
        int gap = 1 + random.nextInt(12);
        int burst = 1 + random.nextInt(12);
        int work = 1 + random.nextInt(random.nextInt(4) == 0 ? 2_000 : 150);
        for (int at = 0; at < length; at += gap) {
          time.after(at, () -> arrive(burst, work));
        }
        time.after(length, this::demand);
      }
    }

    private void arrive(int burst, int work) {
      for (int i = 0; i < burst; i++) {
        Priority priority = Priority.values()[random.nextInt(Priority.values().length)];
        boolean hasRoom = inFlight < limit.limit(priority);
        assertThat(limit.tryAcquire(priority))
            .as("%s with %d in flight at %d ms", priority, inFlight, time.now())
            .isEqualTo(hasRoom);
        if (hasRoom) {
          inFlight++;
          time.after(random.nextInt(work + 1), this::end);
        }
        assertThat(limit.inFlight()).isEqualTo(inFlight);
      }
    }

    private void end() {
      limit.release();
      inFlight--;
      assertThat(limit.inFlight()).isEqualTo(inFlight);
    }

    private void window() {
      int before = limit.limit(Priority.CRITICAL);
      long lag = random.nextInt(3) == 0 ? random.nextInt(500) : random.nextInt(40);
      limit.adjust(() -> lag * 1_000_000);
      int after = limit.limit(Priority.CRITICAL);
      assertThat(after).isBetween(bounds.minimum(), bounds.maximum());
      if (lag > bounds.targetLag().toMillis()) {
        assertThat(after).as("late by %d ms", lag).isLessThanOrEqualTo(before);
      }
      int above = Integer.MAX_VALUE;
      for (Priority priority : Priority.values()) {
        assertThat(limit.limit(priority)).isBetween(1, above);
        above = limit.limit(priority);
      }
      if (time.now() < LENGTH_MILLIS) {
        time.after(WINDOW_MILLIS, this::window);
      }
    }
  }
}
