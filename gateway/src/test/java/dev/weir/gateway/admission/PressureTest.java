package dev.weir.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weir.gateway.route.Priority;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class PressureTest {
  private final AtomicReference<Double> heap = new AtomicReference<>(0.0);
  private final AtomicLong collections = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void theGreatestSignalBinds() {
    var pressure = new Pressure(() -> 0.4, heap::get, () -> 0.1, () -> 0.2);
    assertThat(pressure.greatest()).isZero();

    assertThat(pressure.read()).isEqualTo(0.4);
    assertThat(pressure.binding()).isEqualTo(Signal.LOOP_LAG);
    heap.set(0.8);
    assertThat(pressure.binding()).as("until it is read").isEqualTo(Signal.LOOP_LAG);
    assertThat(pressure.read()).isEqualTo(0.8);
    assertThat(pressure.binding()).isEqualTo(Signal.HEAP);
    assertThat(pressure.of(Signal.CONNECTIONS)).isEqualTo(0.2);
  }

  @Test
  void risesSmoothlyWithAShare() {
    assertThat(Pressure.ofShare(60, 100, 0.7, 0.9)).isZero();
    assertThat(Pressure.ofShare(80, 100, 0.7, 0.9)).isCloseTo(0.5, within(1e-9));
    assertThat(Pressure.ofShare(90, 100, 0.7, 0.9)).isCloseTo(1, within(1e-9));
    assertThat(Pressure.ofShare(100, 100, 0.7, 0.9)).isGreaterThan(1);
    assertThat(Pressure.ofShare(5, 0, 0.7, 0.9)).as("nobody knows the whole").isZero();
  }

  @Test
  void anOldReadingOfTheHeapCutsNothing() {
    var signal = new HeapSignal(collections::get, heap::get, nanos::get);
    heap.set(0.95);
    assertThat(signal.getAsDouble()).as("no collection yet").isEqualTo(0.9);
    collections.incrementAndGet();
    assertThat(signal.getAsDouble()).isGreaterThan(1);
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    assertThat(signal.getAsDouble()).isEqualTo(0.9);
    heap.set(0.5);
    assertThat(signal.getAsDouble()).isZero();
  }

  @Test
  void memoryCutsTheLimitAsLagDoes() {
    var limit = new AdaptiveLimit(new LimitBounds(10, 100, 1_000, Duration.ofMillis(50)));
    var pressure = new Pressure(() -> 0, () -> 1.2, () -> 0, () -> 0);
    limit.adjust(pressure);
    assertThat(limit.limit(Priority.CRITICAL)).isLessThan(100);
  }
}
