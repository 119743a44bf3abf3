package dev.weir.gateway.resilience;

import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps the roster of each upstream over reloads: an equal upstream keeps its own, a changed one
 * takes over what is known of the endpoints that it still has.
 */
final class Rosters {
  private final MeterRegistry registry;
  private final Clock clock;
  private final BiFunction<Upstream, List<Endpoint>, List<EndpointBreaker>> breakers;
  private final Map<Upstream, Roster> rosters = new ConcurrentHashMap<>();

  /** The same by name: checks tell of thousands of endpoints a second. */
  private final Map<String, List<Roster>> byName = new ConcurrentHashMap<>();

  /** The one made last of each name, which the meters show. */
  private final Map<String, Latest> latest = new ConcurrentHashMap<>();

  private record Latest(Upstream upstream, Roster roster, List<Meter> gauges) {}

  Rosters(
      MeterRegistry registry,
      Clock clock,
      BiFunction<Upstream, List<Endpoint>, List<EndpointBreaker>> breakers) {
    this.registry = registry;
    this.clock = clock;
    this.breakers = breakers;
  }

  /** Returns the roster of an upstream; asked when routes are built, never per request. */
  Roster of(Upstream upstream) {
    return rosters.computeIfAbsent(upstream, this::make);
  }

  private Roster make(Upstream upstream) {
    Optional<Latest> before = Optional.ofNullable(latest.get(upstream.name()));
    List<Endpoint> endpoints =
        before
            .filter(old -> old.upstream().isWhere(upstream))
            .map(old -> old.roster().now().members().stream().map(m -> m.endpoint().endpoint()))
            .map(Stream::toList)
            .orElse(upstream.endpoints());
    List<Member> members =
        breakers.apply(upstream, endpoints).stream()
            .map(endpoint -> member(upstream, endpoint, before))
            .toList();
    RosterLog log = new RosterLog(upstream.name(), registry);
    Roster roster = new Roster(members, upstream.selection(), clock, log);
    List<Meter> gauges = before.map(Latest::gauges).orElseGet(() -> gauges(upstream.name()));
    latest.put(upstream.name(), new Latest(upstream, roster, gauges));
    byName.computeIfAbsent(upstream.name(), name -> new CopyOnWriteArrayList<>()).add(roster);
    return roster;
  }

  private static Member member(
      Upstream upstream, EndpointBreaker endpoint, Optional<Latest> before) {
    Member fresh = Member.fresh(endpoint);
    return before
        .map(
            old ->
                find(old.roster(), endpoint.endpoint())
                    .map(known -> takeOver(fresh, known, old.upstream(), upstream))
                    .orElse(fresh))
        .orElse(fresh);
  }

  /** Another check has to find out for itself; an ejection holds whatever the policy is now. */
  private static Member takeOver(Member fresh, Member known, Upstream old, Upstream upstream) {
    boolean sameCheck = old.selection().health().equals(upstream.selection().health());
    return new Member(
        fresh.endpoint(), known.healthy() || !sameCheck, known.ejected(), known.ejection());
  }

  private static Optional<Member> find(Roster roster, Endpoint endpoint) {
    return roster.now().members().stream()
        .filter(member -> member.endpoint().isAt(endpoint))
        .findFirst();
  }

  private List<Meter> gauges(String upstream) {
    return List.of(
        gauge(GatewayMetrics.UPSTREAM_PANIC, upstream, lineup -> lineup.isPanic() ? 1 : 0),
        gauge(GatewayMetrics.UPSTREAM_ENDPOINTS, upstream, lineup -> lineup.all().length));
  }

  private Meter gauge(String name, String upstream, ToIntFunction<Lineup> value) {
    return Gauge.builder(name, () -> valueOf(upstream, value))
        .tag("upstream", upstream)
        .register(registry);
  }

  private int valueOf(String upstream, ToIntFunction<Lineup> value) {
    Latest present = latest.get(upstream);
    return present == null ? 0 : value.applyAsInt(present.roster().now());
  }

  /** Returns the value of the state gauge: 0 in service, 1 ejected, 2 its health checks fail. */
  int stateNumber(String upstream, Endpoint endpoint) {
    Latest present = latest.get(upstream);
    return present == null
        ? 0
        : find(present.roster(), endpoint).map(Member::stateNumber).orElse(0);
  }

  void noteHealth(String upstream, Endpoint endpoint, boolean healthy) {
    byName
        .getOrDefault(upstream, List.of())
        .forEach(roster -> roster.noteHealth(endpoint, healthy));
  }

  void noteEndpoints(Upstream upstream, List<Endpoint> endpoints) {
    rosters.forEach(
        (key, roster) -> {
          if (key.isWhere(upstream)) {
            roster.replace(breakers.apply(key, endpoints));
          }
        });
  }

  /** Returns all that are in a roster. */
  Set<EndpointBreaker> breakers() {
    return rosters.values().stream()
        .flatMap(roster -> Arrays.stream(roster.now().all()))
        .collect(Collectors.toSet());
  }

  void retain(Set<Upstream> live) {
    rosters.keySet().retainAll(live);
    byName.values().forEach(all -> all.retainAll(rosters.values()));
    byName.values().removeIf(List::isEmpty);
    Set<String> names = live.stream().map(Upstream::name).collect(Collectors.toSet());
    Set.copyOf(latest.keySet()).stream().filter(name -> !names.contains(name)).forEach(this::hide);
  }

  private void hide(String upstream) {
    Latest gone = latest.remove(upstream);
    if (gone != null) {
      gone.gauges().forEach(registry::remove);
    }
  }
}
