package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.EndpointNews;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.exchange.Permits;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the breakers, rosters and retry budgets over reloads: a route of the new generation whose
 * upstream, endpoint and policy are equal gets the breaker that the old one used, with its window
 * and state. Asked when routes are built or addresses change, never per request; the lock keeps
 * these two from each other.
 */
public final class Breakers implements EndpointNews {
  /** What is counted by endpoint, and ends with it. */
  private static final Set<String> COUNTERS =
      Set.of(GatewayMetrics.ATTEMPTS, GatewayMetrics.BREAKER_TRANSITIONS, GatewayMetrics.EJECTIONS);

  /** Kept bodies may take as much memory outside the heap as this part of the heap. */
  private static final int KEPT_SHARE = 8;

  private final MeterRegistry registry;
  private final Clock clock;
  private final KeptBytes keptBytes;
  private final Map<BreakerKey, EndpointBreaker> breakers = new ConcurrentHashMap<>();
  private final Map<String, RetryBudget> budgets = new ConcurrentHashMap<>();
  private final Map<String, Permits> permits = new ConcurrentHashMap<>();
  private final Map<String, LoopCounts> loads = new ConcurrentHashMap<>();
  private final UpstreamLimits limits;
  private final Rosters rosters;
  private final Map<Label, Shown> shown = new ConcurrentHashMap<>();

  private volatile double pressure;

  private record Label(String upstream, Endpoint endpoint) {}

  /** The breaker that the gauges of a label show: the one made last. */
  private record Shown(EndpointBreaker breaker, List<Meter> gauges) {}

  /** Makes a registry that shows its breakers there. */
  public Breakers(MeterRegistry registry) {
    this(registry, Clock.systemUTC());
  }

  Breakers(MeterRegistry registry, Clock clock) {
    this(registry, clock, new KeptBytes(Runtime.getRuntime().maxMemory() / KEPT_SHARE));
  }

  Breakers(MeterRegistry registry, Clock clock, KeptBytes keptBytes) {
    this.registry = registry;
    this.keptBytes = keptBytes;
    this.clock = clock;
    this.limits = new UpstreamLimits(registry);
    this.rosters = new Rosters(registry, clock, this::of);
  }

  /** Returns the breakers of an upstream's endpoints, in their order. */
  private List<EndpointBreaker> of(Upstream upstream, List<Endpoint> endpoints) {
    return endpoints.stream()
        .map(endpoint -> new BreakerKey(upstream.name(), endpoint, upstream.breaker()))
        .map(key -> breakers.computeIfAbsent(key, this::make))
        .toList();
  }

  /** Returns who of the upstream's endpoints serves. */
  synchronized Roster roster(Upstream upstream) {
    return rosters.of(upstream);
  }

  @Override
  public void noteHealth(String upstream, Endpoint endpoint, boolean healthy) {
    rosters.noteHealth(upstream, endpoint, healthy);
  }

  @Override
  public synchronized void noteEndpoints(Upstream upstream, List<Endpoint> endpoints) {
    rosters.noteEndpoints(upstream, endpoints);
    trim();
  }

  /** Returns what is under way to all endpoints of the upstream. */
  LoopCounts load(Upstream upstream) {
    return load(upstream.name());
  }

  private LoopCounts load(String upstream) {
    return loads.computeIfAbsent(upstream, name -> new LoopCounts());
  }

  /** Returns the bound on what is under way to the upstream, as its record has it. */
  Bulkhead bulkhead(Upstream upstream) {
    return upstream.maxRequests().isEmpty()
        ? Bulkhead.NONE
        : new Bulkhead(
            permits.computeIfAbsent(upstream.name(), name -> new Permits()),
            upstream.maxRequests().getAsInt());
  }

  /** Returns how many may wait for the upstream, unless it is to find that out by itself. */
  Optional<UpstreamLimit> limit(Upstream upstream) {
    return limits.of(upstream);
  }

  /**
   * Moves the limits of all upstreams; called by one thread only, some ten times a second.
   *
   * @param lagNanos how late due tasks run on our own event loops
   * @param weight what presses on this process, of which 1 is as much as may be
   */
  public void moveLimits(long nowNanos, long lagNanos, double weight) {
    pressure = weight;
    limits.look(nowNanos, lagNanos);
  }

  /** Returns what pressed on this process when it was looked at last. */
  double pressure() {
    return pressure;
  }

  /** Returns what kept bodies of all routes may take together. */
  KeptBytes keptBytes() {
    return keptBytes;
  }

  MeterRegistry registry() {
    return registry;
  }

  RetryBudget budget(Upstream upstream) {
    return budgets.computeIfAbsent(upstream.name(), name -> new RetryBudget(name, registry));
  }

  private EndpointBreaker make(BreakerKey key) {
    EndpointBreaker breaker = new EndpointBreaker(key, load(key.upstream()), registry, clock);
    shown.compute(
        new Label(key.upstream(), key.endpoint()), (label, before) -> show(label, breaker, before));
    return breaker;
  }

  private Shown show(Label label, EndpointBreaker breaker, @Nullable Shown before) {
    if (before != null) {
      return new Shown(breaker, before.gauges());
    }
    return new Shown(
        breaker,
        List.of(
            gauge(GatewayMetrics.BREAKER_STATE, label, EndpointBreaker::stateNumber),
            gauge(
                GatewayMetrics.ENDPOINT_STATE,
                label,
                _ -> rosters.stateNumber(label.upstream(), label.endpoint())),
            gauge(GatewayMetrics.ENDPOINT_REQUESTS, label, EndpointBreaker::inFlight)));
  }

  private Meter gauge(String name, Label label, ToIntFunction<EndpointBreaker> value) {
    return Gauge.builder(name, () -> valueOf(label, value))
        .tags("upstream", label.upstream(), "endpoint", label.endpoint().label())
        .register(registry);
  }

  private int valueOf(Label label, ToIntFunction<EndpointBreaker> value) {
    Shown present = shown.get(label);
    return present == null ? 0 : value.applyAsInt(present.breaker());
  }

  /** Forgets what none of these upstreams uses. */
  public synchronized void retain(Set<Upstream> live) {
    rosters.retain(live);
    Set<String> names = live.stream().map(Upstream::name).collect(Collectors.toSet());
    budgets.keySet().retainAll(names);
    loads.keySet().retainAll(names);
    permits.keySet().retainAll(names);
    limits.retain(live);
    trim();
  }

  /** Forgets the breakers that are in no roster, and their meters: addresses come and go. */
  private void trim() {
    breakers.values().retainAll(rosters.breakers());
    Set<Label> labels =
        breakers.keySet().stream()
            .map(key -> new Label(key.upstream(), key.endpoint()))
            .collect(Collectors.toSet());
    Set.copyOf(shown.keySet()).stream()
        .filter(label -> !labels.contains(label))
        .forEach(this::hide);
  }

  private void hide(Label label) {
    Shown gone = shown.remove(label);
    if (gone == null) {
      return;
    }
    gone.gauges().forEach(registry::remove);
    for (Meter meter : List.copyOf(registry.getMeters())) {
      Meter.Id id = meter.getId();
      if (COUNTERS.contains(id.getName())
          && label.upstream().equals(id.getTag("upstream"))
          && label.endpoint().label().equals(id.getTag("endpoint"))) {
        registry.remove(meter);
      }
    }
  }
}
