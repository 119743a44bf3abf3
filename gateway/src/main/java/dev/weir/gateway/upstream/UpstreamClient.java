package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.AttemptTransport;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Protocol;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Weir's own HTTP client: the door to the pools.
 *
 * <p>Per request: one look-up by a record of the pool's policy and one by the event loop, both in
 * hash tables, and the {@link Attempt}. Pools are made on first use; after a reload {@link #retain}
 * lets those go that no generation asks for.
 */
public final class UpstreamClient implements AttemptTransport {
  private final ConcurrentMap<PoolKey, EndpointPool> pools = new ConcurrentHashMap<>();
  private final NameResolvers names = new NameResolvers();
  private final ConnectionGauges gauges;
  private final Connector.Wiring wiring;

  /** Makes a client that trusts what the JDK trusts. */
  public UpstreamClient(MeterRegistry registry) {
    this(registry, ClientTls.trustOfTheJdk(Protocol.H1), ClientTls.trustOfTheJdk(Protocol.H2));
  }

  UpstreamClient(MeterRegistry registry, SslContext tls, SslContext http2Tls) {
    this.gauges = new ConnectionGauges(registry, pools.values());
    this.wiring = new Connector.Wiring(tls, http2Tls, names);
  }

  Connector.Wiring wiring() {
    return wiring;
  }

  @Override
  public Mono<UpstreamResponse> attempt(
      Exchange exchange, Upstream upstream, Endpoint endpoint, Duration timeout) {
    EventLoop loop = exchange.eventLoop();
    return new Attempt(exchange, pool(upstream, endpoint).on(loop), timeout);
  }

  private EndpointPool pool(Upstream upstream, Endpoint endpoint) {
    PoolKey key = PoolKey.of(upstream, endpoint);
    EndpointPool pool = pools.get(key);
    return pool != null ? pool : pools.computeIfAbsent(key, this::open);
  }

  private EndpointPool open(PoolKey key) {
    gauges.register(key);
    return new EndpointPool(key, new Connector(key, wiring));
  }

  /**
   * Retires the pools that none of these upstreams uses: idle connections close at once, the others
   * after their request. A request of an older generation that comes late opens its pool anew; the
   * next call retires it again.
   *
   * @param endpoints where an upstream is now
   */
  void retain(Set<Upstream> live, Function<Upstream, List<Endpoint>> endpoints) {
    Set<PoolKey> wanted = new HashSet<>();
    for (Upstream upstream : live) {
      endpoints.apply(upstream).forEach(endpoint -> wanted.add(PoolKey.of(upstream, endpoint)));
    }
    for (EndpointPool pool : pools.values()) {
      if (!wanted.contains(pool.key()) && pools.remove(pool.key(), pool)) {
        pool.retire();
      }
    }
    gauges.retain(pools.keySet());
  }

  /** Closes every connection, whatever it carries. */
  public void closeAll() {
    for (EndpointPool pool : pools.values()) {
      pools.remove(pool.key(), pool);
      pool.closeAll();
    }
    names.close();
  }
}
