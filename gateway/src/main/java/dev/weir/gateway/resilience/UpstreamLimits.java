package dev.weir.gateway.resilience;

import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Concurrency;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Keeps what was learned of each upstream over reloads, as long as its policy is the same. */
final class UpstreamLimits {
  private final MeterRegistry registry;
  private final Map<Key, UpstreamLimit> limits = new ConcurrentHashMap<>();

  /** The one made last of each name, which the meters show. */
  private final Map<String, UpstreamLimit> latest = new ConcurrentHashMap<>();

  private final Map<String, List<Meter>> meters = new ConcurrentHashMap<>();

  private record Key(String upstream, Concurrency policy) {

    static Key of(Upstream upstream) {
      return new Key(upstream.name(), upstream.concurrency());
    }
  }

  UpstreamLimits(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Returns the limit of an upstream, unless it has none; asked when routes are built. */
  Optional<UpstreamLimit> of(Upstream upstream) {
    return upstream.concurrency().mode() == Concurrency.Mode.OFF
        ? Optional.empty()
        : Optional.of(limits.computeIfAbsent(Key.of(upstream), this::make));
  }

  private UpstreamLimit make(Key key) {
    UpstreamLimit limit = new UpstreamLimit(key.upstream(), key.policy(), registry);
    latest.put(key.upstream(), limit);
    meters.computeIfAbsent(key.upstream(), this::show);
    return limit;
  }

  private List<Meter> show(String upstream) {
    return List.of(
        gauge(GatewayMetrics.UPSTREAM_LIMIT, upstream, UpstreamLimit::limit).register(registry),
        gauge(GatewayMetrics.UPSTREAM_WAITING, upstream, UpstreamLimit::waiting).register(registry),
        gauge(GatewayMetrics.UPSTREAM_QUEUE, upstream, UpstreamLimit::queueSeconds)
            .baseUnit("seconds")
            .register(registry));
  }

  private Gauge.Builder<?> gauge(
      String meter, String upstream, ToDoubleFunction<UpstreamLimit> value) {
    return Gauge.builder(meter, () -> value(upstream, value)).tag("upstream", upstream);
  }

  private double value(String upstream, ToDoubleFunction<UpstreamLimit> value) {
    UpstreamLimit present = latest.get(upstream);
    return present == null ? 0 : value.applyAsDouble(present);
  }

  /** Moves all limits; called by one thread only. */
  void look(long nowNanos, long lagNanos) {
    limits.values().forEach(limit -> limit.look(nowNanos, lagNanos));
  }

  /** Forgets those of all others. */
  void retain(Set<Upstream> live) {
    limits.keySet().retainAll(live.stream().map(Key::of).collect(Collectors.toSet()));
    Set<String> names = limits.keySet().stream().map(Key::upstream).collect(Collectors.toSet());
    latest.keySet().retainAll(names);
    Set.copyOf(meters.keySet()).stream().filter(name -> !names.contains(name)).forEach(this::hide);
  }

  private void hide(String upstream) {
    List<Meter> gone = meters.remove(upstream);
    if (gone != null) {
      gone.forEach(registry::remove);
    }
  }
}
