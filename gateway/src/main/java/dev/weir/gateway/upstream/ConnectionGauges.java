package dev.weir.gateway.upstream;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/**
 * Shows the connections per upstream and endpoint, and the streams where they are shared. Counted
 * when scraped, never per request; over a change of policy the retiring and the new pool of an
 * endpoint are one sum.
 */
final class ConnectionGauges {
  private final MeterRegistry registry;
  private final Collection<EndpointPool> pools;
  private final Map<Label, List<Meter>> registered = new ConcurrentHashMap<>();

  private record Label(String upstream, String endpoint) {
    static Label of(PoolKey key) {
      return new Label(key.upstream(), key.endpoint().label());
    }
  }

  ConnectionGauges(MeterRegistry registry, Collection<EndpointPool> pools) {
    this.registry = registry;
    this.pools = pools;
  }

  void register(PoolKey key) {
    registered.computeIfAbsent(
        Label.of(key),
        label ->
            List.of(
                gauge(label, "active", EndpointPool::activeCount),
                gauge(label, "idle", EndpointPool::idleCount),
                streams(label)));
  }

  /** Drops the gauges of endpoints that no pool serves any more. */
  void retain(Set<PoolKey> keys) {
    Set<Label> live = keys.stream().map(Label::of).collect(Collectors.toSet());
    Set.copyOf(registered.keySet()).stream()
        .filter(label -> !live.contains(label))
        .forEach(this::drop);
  }

  private void drop(Label label) {
    List<Meter> gone = registered.remove(label);
    if (gone != null) {
      gone.forEach(registry::remove);
    }
  }

  private Meter gauge(Label label, String state, ToIntFunction<EndpointPool> count) {
    return Gauge.builder(GatewayMetrics.UPSTREAM_CONNECTIONS, () -> sum(label, count))
        .tags("upstream", label.upstream(), "endpoint", label.endpoint(), "state", state)
        .register(registry);
  }

  private Meter streams(Label label) {
    return Gauge.builder(
            GatewayMetrics.UPSTREAM_STREAMS, () -> sum(label, EndpointPool::streamCount))
        .tags("upstream", label.upstream(), "endpoint", label.endpoint())
        .register(registry);
  }

  private int sum(Label label, ToIntFunction<EndpointPool> count) {
    return pools.stream().filter(pool -> Label.of(pool.key()).equals(label)).mapToInt(count).sum();
  }
}
