package dev.weir.gateway.upstream;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.fixture.Answer;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A client on two event loops, and short ways to call through it. */
final class ClientFixture implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final EventLoop first = loops.next();
  private final EventLoop second = loops.next();
  private final UpstreamClient client;

  ClientFixture() {
    this(jdkTrust());
  }

  ClientFixture(SslContext tls) {
    this(tls, tls);
  }

  ClientFixture(SslContext tls, SslContext http2Tls) {
    this.client = new UpstreamClient(registry, tls, http2Tls);
  }

  private static SslContext jdkTrust() {
    try {
      return SslContextBuilder.forClient().build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  UpstreamClient client() {
    return client;
  }

  EventLoop first() {
    return first;
  }

  EventLoop second() {
    return second;
  }

  /** Returns the connections that the meters show. */
  int connections(String state) {
    return (int)
        registry.get("weir.upstream.connections").tag("state", state).gauges().stream()
            .mapToDouble(gauge -> gauge.value())
            .sum();
  }

  /** Returns the streams that the meters show. */
  int streams() {
    return (int)
        registry.get("weir.upstream.streams").gauges().stream()
            .mapToDouble(gauge -> gauge.value())
            .sum();
  }

  boolean showsConnections() {
    return registry.find("weir.upstream.connections").gauge() != null;
  }

  static Upstream upstream(ScriptedUpstream server, int maxConnections, Duration maxIdle) {
    Upstream plain = Exchanges.upstream(server.endpoint());
    return new Upstream(
        plain.name(),
        plain.endpoints(),
        Duration.ofMillis(300),
        maxConnections,
        maxIdle,
        plain.breaker());
  }

  Mono<UpstreamResponse> attempt(Exchange exchange) {
    return attempt(exchange, PATIENCE);
  }

  Mono<UpstreamResponse> attempt(Exchange exchange, Duration timeout) {
    Upstream upstream = exchange.route().upstream();
    Endpoint endpoint = upstream.endpoints().getFirst();
    return client.attempt(exchange, upstream, endpoint, timeout);
  }

  Mono<Answer> get(Upstream upstream, EventLoop loop) {
    return send(upstream, loop, HttpMethod.GET);
  }

  Mono<Answer> send(Upstream upstream, EventLoop loop, HttpMethod method) {
    Exchange exchange = Exchanges.request(Exchanges.route(upstream), loop, method, "/a");
    return attempt(exchange).flatMap(Answer::read);
  }

  Mono<Answer> upload(
      ScriptedUpstream server, Flux<ByteBuf> body, UnaryOperator<HttpHeaders> fields) {
    return upload(server, body, fields, PATIENCE);
  }

  Mono<Answer> upload(
      ScriptedUpstream server,
      Flux<ByteBuf> body,
      UnaryOperator<HttpHeaders> fields,
      Duration timeout) {
    Route route = Exchanges.route(Exchanges.upstream(server.endpoint()));
    Exchange exchange = Exchanges.request(route, first, HttpMethod.POST, body, fields);
    return attempt(exchange, timeout).flatMap(Answer::read);
  }

  static Answer await(Mono<Answer> answer) {
    return Objects.requireNonNull(answer.block(PATIENCE));
  }

  static AttemptFailure awaitFailure(Mono<?> answer) {
    return Objects.requireNonNull(
        catchThrowableOfType(AttemptFailure.class, () -> answer.block(PATIENCE)));
  }

  @Override
  public void close() {
    client.closeAll();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
