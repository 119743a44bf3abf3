package dev.weir.gateway.control;

import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.pipeline.EdgeHandler;
import dev.weir.gateway.pipeline.Observer;
import dev.weir.gateway.tls.ServerCertificate;
import dev.weir.gateway.websocket.OpenSockets;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpRequestDecoderSpec;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider.GenericSslContextSpec;

/**
 * The two listeners of the edge, and their drain: readiness goes first, new connections are taken
 * for a grace while every response asks its client to reconnect elsewhere, then what is in flight
 * may finish.
 */
public final class EdgeServer implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeServer.class);

  /** The plain listener takes a tenth of the connections that the edge takes, on top of them. */
  private static final int REDIRECT_SHARE = 10;

  private final EdgeSettings settings;
  private final GenericSslContextSpec<?> tls;
  private final EdgeHandler handler;
  private final Observer observer;
  private final OpenSockets sockets;
  private final HandshakeWatch handshakes;
  private final ConnectionLimits connections;
  private final ConnectionLimits redirects;
  private volatile @Nullable DisposableServer edge;
  private volatile @Nullable DisposableServer redirect;
  private volatile boolean draining;

  /** Prepares the listeners. */
  public EdgeServer(
      EdgeSettings settings,
      GenericSslContextSpec<?> tls,
      EdgeHandler handler,
      Observer observer,
      OpenSockets sockets,
      MeterRegistry meters) {
    this.settings = settings;
    this.tls = tls;
    this.handler = handler;
    this.observer = observer;
    this.sockets = sockets;
    this.handshakes = new HandshakeWatch(meters);
    UnfinishedHeads unfinished = new UnfinishedHeads(settings.maxUnfinishedHeadBytes());
    this.connections = limits(settings.maxConnections(), unfinished, meters);
    // Whoever fills the listener that only redirects must not take the edge's connections.
    int few = Math.max(1, settings.maxConnections() / REDIRECT_SHARE);
    this.redirects = limits(few, unfinished, meters);
    Gauge.builder(
            GatewayMetrics.CONNECTIONS_OPEN, this, e -> e.connections.open() + e.redirects.open())
        .register(meters);
  }

  /** Returns the connections of the edge that are open. */
  public int openConnections() {
    return connections.open();
  }

  private ConnectionLimits limits(int most, UnfinishedHeads unfinished, MeterRegistry meters) {
    return new ConnectionLimits(
        settings.idleTimeout(), settings.requestTimeout(), most, unfinished, meters);
  }

  @Override
  public void start() {
    edge = bind(edge(), "edge", settings.port(), "WEIR_EDGE_PORT");
    redirect = bind(redirect(), "redirect", settings.redirectPort(), "WEIR_REDIRECT_PORT");
    LOG.atInfo()
        .addKeyValue("edge_port", edgePort())
        .addKeyValue("redirect_port", redirectPort())
        .addKeyValue("tls_engine", ServerCertificate.engine())
        .log("edge is open");
  }

  private HttpServer edge() {
    return listener(settings.port())
        .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
        .secure(spec -> spec.sslContext(tls).handshakeTimeout(Duration.ofSeconds(10)))
        .http2Settings(spec -> spec.maxConcurrentStreams(128).maxHeaderListSize(16_384))
        .doOnChannelInit((observers, channel, peer) -> taken(channel))
        .childObserve(handler::noteRefusedByServer)
        .handle(handler);
  }

  private void taken(Channel channel) {
    handshakes.watch(channel);
    connections.watch(channel);
  }

  private HttpServer redirect() {
    return listener(settings.redirectPort())
        .protocol(HttpProtocol.HTTP11)
        .doOnChannelInit((observers, channel, peer) -> redirects.watch(channel))
        .handle(new RedirectHandler(settings.publicPort())::redirect);
  }

  private HttpServer listener(int port) {
    return HttpServer.create()
        .host(settings.address())
        .port(port)
        .channelGroup(new DefaultChannelGroup(GlobalEventExecutor.INSTANCE))
        .noForwarded()
        .httpRequestDecoder(EdgeServer::bounds);
  }

  private static HttpRequestDecoderSpec bounds(HttpRequestDecoderSpec spec) {
    return spec.maxInitialLineLength(8_192)
        .maxHeaderSize(16_384)
        .validateHeaders(true)
        .allowDuplicateContentLengths(false);
  }

  private DisposableServer bind(HttpServer server, String name, int port, String variable) {
    try {
      return server.bindNow(Duration.ofSeconds(10));
    } catch (ChannelBindException e) {
      throw new PortTakenException(name, settings.address(), port, variable, e);
    }
  }

  /** Returns the port that the edge listens on. */
  public int edgePort() {
    DisposableServer server = edge;
    return server == null ? -1 : server.port();
  }

  /** Returns the port that the redirect listener listens on. */
  public int redirectPort() {
    DisposableServer server = redirect;
    return server == null ? -1 : server.port();
  }

  /** Returns whether traffic should be sent here. */
  public boolean isReady() {
    return edge != null && !draining;
  }

  @Override
  public boolean isRunning() {
    return edge != null;
  }

  @Override
  public void stop() {
    draining = true;
    observer.startDraining();
    connections.beginFarewell();
    LOG.atInfo()
        .addKeyValue("open_requests", observer.openRequests())
        .addKeyValue("open_websockets", sockets.count())
        .log("edge drains");
    pause(settings.drainGrace());
    // Not before: who comes back at once should find that balancers have looked elsewhere.
    sockets.goAway();
    long end = System.nanoTime() + settings.drainTimeout().toNanos();
    while (observer.openRequests() > 0 && System.nanoTime() < end) {
      pause(Duration.ofMillis(20));
    }
    int abandoned = observer.openRequests();
    observer.abandonRest();
    dispose(redirect);
    dispose(edge);
    edge = null;
    LOG.atInfo().addKeyValue("abandoned", abandoned).log("edge is closed");
  }

  private void dispose(@Nullable DisposableServer server) {
    if (server != null) {
      try {
        server.disposeNow(Duration.ofSeconds(5));
      } catch (IllegalStateException e) {
        // Idle clients that do not hang up are not worth waiting for; their sockets close with us.
        LOG.atDebug().setCause(e).log("listener closed with connections open");
      }
    }
  }

  /** Waits on the thread that shuts the process down; nothing else runs there. */
  private static void pause(Duration time) {
    try {
      boolean _ = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts last and stops first: nothing that a request needs goes before the edge. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
