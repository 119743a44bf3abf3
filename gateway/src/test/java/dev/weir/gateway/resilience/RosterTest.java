package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.HealthCheck;
import dev.weir.gateway.route.Selection;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who serves, after what was learned. */
final class RosterTest {
  private static final Endpoint A = new Endpoint(Endpoint.Scheme.HTTP, "10.0.0.1", 9_101);
  private static final Endpoint B = new Endpoint(Endpoint.Scheme.HTTP, "10.0.0.2", 9_101);
  private static final Endpoint C = new Endpoint(Endpoint.Scheme.HTTP, "10.0.0.3", 9_101);
  private static final HealthCheck CHECK =
      new HealthCheck("/healthz", Duration.ofSeconds(5), Duration.ofSeconds(1), 3, 2);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MovedClock clock = new MovedClock();
  private final Breakers breakers = new Breakers(registry, clock);

  private static Upstream upstream(Balance balance, Endpoint... endpoints) {
    Upstream plain = Exchanges.upstream(endpoints);
    return new Upstream(
        plain.name(),
        plain.endpoints(),
        plain.connectTimeout(),
        plain.maxConnections(),
        plain.maxIdle(),
        plain.breaker(),
        new Selection(balance, Optional.of(CHECK)));
  }

  private static List<Endpoint> serving(Roster roster) {
    return Arrays.stream(roster.now().serving()).map(EndpointBreaker::endpoint).toList();
  }

  private double panic() {
    return registry.get("weir.upstream.panic").tag("upstream", "orders").gauge().value();
  }

  private double state(Endpoint endpoint) {
    return registry
        .get("weir.endpoint.state")
        .tag("endpoint", endpoint.authority())
        .gauge()
        .value();
  }

  @Test
  void passesOverWhatIsUnhealthyUntilItIsWell() {
    Roster roster = breakers.roster(upstream(Balance.STANDARD, A, B, C));
    breakers.noteHealth("orders", B, false);
    assertThat(serving(roster)).containsExactly(A, C);
    assertThat(state(B)).isEqualTo(2);
    assertThat(state(A)).isZero();

    breakers.noteHealth("orders", B, true);
    assertThat(serving(roster)).containsExactly(A, B, C);
    assertThat(state(B)).isZero();
  }

  @Test
  void allServeWhereNoneIsHealthy() {
    Roster roster = breakers.roster(upstream(Balance.STANDARD, A, B));
    breakers.noteHealth("orders", A, false);
    assertThat(panic()).isZero();
    breakers.noteHealth("orders", B, false);
    assertThat(panic()).isOne();
    assertThat(serving(roster)).containsExactly(A, B);

    breakers.noteHealth("orders", A, true);
    assertThat(panic()).isZero();
    assertThat(serving(roster)).containsExactly(A);
  }

  @Test
  void keepsTheSameLineupWhereNothingIsNew() {
    Roster roster = breakers.roster(upstream(Balance.STANDARD, A, B));
    Lineup before = roster.now();
    breakers.noteHealth("orders", A, true);
    breakers.noteHealth("orders", C, false);
    breakers.noteHealth("other", A, false);

    assertThat(roster.now()).isSameAs(before);
  }

  @Test
  void changedUpstreamKnowsTheHealthOfTheOldOne() {
    Upstream old = upstream(Balance.STANDARD, A, B);
    breakers.roster(old);
    breakers.noteHealth("orders", A, false);
    Upstream changed = upstream(new Balance.RoundRobin(), A, B, C);
    Roster roster = breakers.roster(changed);
    breakers.retain(Set.of(changed));

    assertThat(serving(roster)).containsExactly(B, C);
    assertThat(state(A)).isEqualTo(2);
    breakers.retain(Set.of());
    assertThat(registry.find("weir.upstream.panic").gauge()).isNull();
  }
}
