package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.EjectionPolicy;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.HealthCheck;
import dev.weir.gateway.route.Selection;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
        plain.pool(),
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

  /** Fails attempts at it, as a request would that was sent there. */
  private void fail(Roster roster, Endpoint endpoint, int times) {
    for (int i = 0; i < times; i++) {
      EndpointBreaker breaker = breakerOf(roster, endpoint);
      assertThat(breaker.tryBegin()).isTrue();
      breaker.end(Outcome.RESET, 1);
      roster.noteFailure(breaker);
    }
  }

  private static EndpointBreaker breakerOf(Roster roster, Endpoint endpoint) {
    return Arrays.stream(roster.now().all())
        .filter(breaker -> breaker.isAt(endpoint))
        .findFirst()
        .orElseThrow();
  }

  private double ejections(Endpoint endpoint) {
    return registry.get("weir.ejections").tag("endpoint", endpoint.authority()).counter().count();
  }

  @Test
  void ejectsAfterFailuresInARow() {
    Roster roster = breakers.roster(upstream(Balance.STANDARD, A, B, C));
    fail(roster, A, 4);
    EndpointBreaker breaker = breakerOf(roster, A);
    assertThat(breaker.tryBegin()).isTrue();
    breaker.answered(1);
    fail(roster, A, 4);
    assertThat(serving(roster)).containsExactly(A, B, C);

    fail(roster, A, 1);
    assertThat(serving(roster)).containsExactly(B, C);
    assertThat(state(A)).isOne();
    assertThat(ejections(A)).isOne();
    clock.move(Duration.ofSeconds(10));
    assertThat(serving(roster)).containsExactly(A, B, C);
    assertThat(state(A)).isZero();
  }

  @Test
  void ejectsWhatsBreakerOpens() {
    Roster roster = breakers.roster(upstream(Balance.STANDARD, A, B));
    // Ten calls, half of them bad and never two in a row: the ratio opens the breaker.
    for (int i = 0; i < 5; i++) {
      EndpointBreaker breaker = breakerOf(roster, A);
      assertThat(breaker.tryBegin()).isTrue();
      breaker.answered(1);
      fail(roster, A, 1);
    }

    assertThat(breakerOf(roster, A).isOpen()).isTrue();
    assertThat(serving(roster)).containsExactly(B);
  }

  @Test
  void neverEjectsMoreThanItsShare() {
    Roster three = breakers.roster(upstream(Balance.STANDARD, A, B, C));
    fail(three, A, 5);
    fail(three, B, 5);
    assertThat(serving(three)).containsExactly(B, C);

    Roster one = breakers.roster(upstream(Balance.STANDARD, A));
    fail(one, A, 5);
    assertThat(serving(one)).containsExactly(A);
  }

  @Test
  void returnsLittleByLittle() {
    Roster roster = breakers.roster(upstream(Balance.STANDARD, A, B));
    fail(roster, A, 5);
    clock.move(Duration.ofSeconds(10));
    EndpointBreaker back = breakerOf(roster, A);

    assertThat(back.share()).isEqualTo(50);
    clock.move(Duration.ofSeconds(15));
    assertThat(back.share()).isEqualTo(500);
    clock.move(Duration.ofSeconds(15));
    assertThat(back.share()).isEqualTo(SlowStart.FULL);
    assertThat(breakerOf(roster, B).share()).isEqualTo(SlowStart.FULL);
  }

  @Test
  void healthyAgainReturnsLittleByLittle() {
    Roster roster = breakers.roster(upstream(Balance.STANDARD, A, B));
    breakers.noteHealth("orders", A, false);
    breakers.noteHealth("orders", A, true);

    assertThat(breakerOf(roster, A).share()).isEqualTo(50);
  }

  @Test
  void ejectionsGrowUntilTheEndpointStaysWell() {
    EjectionPolicy policy =
        new EjectionPolicy(5, Duration.ofSeconds(10), Duration.ofSeconds(60), 0.5);
    Ejection first = Ejection.NEVER.next(1_000, policy);
    Ejection second = first.next(first.until() + 20_000, policy);
    Ejection third = second.next(second.until(), policy);
    Ejection fourth = third.next(third.until(), policy);
    Ejection afterLong = fourth.next(fourth.until() + 60_001, policy);

    assertThat(first).isEqualTo(new Ejection(11_000, 10_000));
    assertThat(first.holds(10_999)).isTrue();
    assertThat(first.holds(11_000)).isFalse();
    assertThat(List.of(second, third, fourth, afterLong))
        .extracting(Ejection::forMillis)
        .containsExactly(20_000L, 40_000L, 60_000L, 10_000L);
  }

  @Test
  void knowsWhatStaysWhenAddressesChange() {
    Upstream upstream = upstream(Balance.STANDARD, A, B);
    Roster roster = breakers.roster(upstream);
    EndpointBreaker stays = breakerOf(roster, B);
    fail(roster, A, 1);
    breakers.noteHealth("orders", B, false);
    breakers.noteEndpoints(upstream, List.of(B, C));

    assertThat(breakerOf(roster, B)).isSameAs(stays);
    assertThat(serving(roster)).containsExactly(C);
    assertThat(registry.get("weir.upstream.endpoints").gauge().value()).isEqualTo(2);
    assertThat(endpointsInMeters()).containsExactlyInAnyOrder(B.label(), C.label());
  }

  private Set<String> endpointsInMeters() {
    return registry.getMeters().stream()
        .map(meter -> meter.getId().getTag("endpoint"))
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  @Test
  void newAddressBeginsSlowlyBesideOldOnes() {
    Upstream upstream = upstream(Balance.STANDARD, A);
    Roster roster = breakers.roster(upstream);
    breakers.noteEndpoints(upstream, List.of(A, B));
    assertThat(breakerOf(roster, A).share()).isEqualTo(SlowStart.FULL);
    assertThat(breakerOf(roster, B).share()).isEqualTo(50);

    // Where all are new, nobody could take over the rest.
    breakers.noteEndpoints(upstream, List.of(C));
    assertThat(breakerOf(roster, C).share()).isEqualTo(SlowStart.FULL);
  }

  @Test
  void changedUpstreamKnowsTheAddressesOfTheOldOne() {
    Upstream old = upstream(Balance.STANDARD, A);
    breakers.roster(old);
    breakers.noteEndpoints(old, List.of(B, C));

    assertThat(serving(breakers.roster(upstream(new Balance.RoundRobin(), A))))
        .containsExactly(B, C);
    assertThat(serving(breakers.roster(upstream(new Balance.RoundRobin(), A, B))))
        .containsExactly(A, B);
  }
}
