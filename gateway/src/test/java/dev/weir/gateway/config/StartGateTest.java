package dev.weir.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StartGateTest {
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicReference<Set<String>> missing = new AtomicReference<>(Set.of("weir"));
  private final StartGate gate = new StartGate(missing::get, nanos::get);

  @Test
  void staysTrueOnceAllWereSeen() {
    assertThat(gate.isPassed()).isFalse();
    missing.set(Set.of());
    assertThat(gate.isPassed()).isTrue();
    missing.set(Set.of("weir"));
    assertThat(gate.isPassed()).isTrue();
  }

  @Test
  void doesNotHoldOtherRoutesBackForEver() {
    nanos.set(Duration.ofSeconds(31).toNanos());
    assertThat(gate.isPassed()).isTrue();
    assertThat(gate.stillMissing()).containsExactly("weir");
  }
}
