package dev.weir.gateway.host;

import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolverGroup;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.ConnectionObserver;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.TransportConfig;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * The connections of the host's HTTP client, a pool for each event loop, so that a request of the
 * edge stays on its loop through the host as well. With the client's own pool, which all loops
 * share, most requests went on over a connection of another loop, and each signal between the two
 * woke a thread.
 *
 * <p>Whoever asks without naming a loop, as a plug-in with a client call of its own may, shares one
 * more pool. Bounds of the pool (SCG's {@code httpclient.pool}) hold for each of them.
 */
final class LoopPools implements ConnectionProvider {
  private final Supplier<ConnectionProvider> pools;
  // As many entries as the edge has event loops.
  private final Map<EventLoop, ConnectionProvider> ofLoops = new ConcurrentHashMap<>();
  private final ConnectionProvider ofOthers;

  /** Makes a pool for each loop that asks for a connection. */
  LoopPools(Supplier<ConnectionProvider> pools) {
    this.pools = pools;
    this.ofOthers = pools.get();
  }

  /** Returns a context in which connections are those of this loop. */
  static Context on(EventLoop loop) {
    return Context.of(EventLoop.class, loop);
  }

  @Override
  public Mono<? extends Connection> acquire(
      TransportConfig config,
      ConnectionObserver observer,
      @Nullable Supplier<? extends SocketAddress> remote,
      @Nullable AddressResolverGroup<?> resolver) {
    return Mono.deferContextual(
        context -> pool(context).acquire(config, observer, remote, resolver));
  }

  private ConnectionProvider pool(ContextView context) {
    EventLoop loop = context.getOrDefault(EventLoop.class, null);
    return loop == null ? ofOthers : ofLoops.computeIfAbsent(loop, _ -> pools.get());
  }

  @Override
  public void disposeWhen(SocketAddress address) {
    ofOthers.disposeWhen(address);
    ofLoops.values().forEach(pool -> pool.disposeWhen(address));
  }

  @Override
  public Mono<Void> disposeLater() {
    return Mono.whenDelayError(
            ofLoops.values().stream().map(ConnectionProvider::disposeLater).toList())
        .then(ofOthers.disposeLater());
  }

  @Override
  public void dispose() {
    disposeLater().subscribe();
  }

  @Override
  public boolean isDisposed() {
    return ofOthers.isDisposed();
  }

  @Override
  public int maxConnections() {
    return ofOthers.maxConnections();
  }
}
