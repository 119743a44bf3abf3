package dev.weir.gateway.stale;

import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.exchange.RequestBody;
import dev.weir.gateway.exchange.RequestHead;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Source;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;

/** One route whose good answers are kept, a clock to move, and requests of every kind. */
final class Scene {
  static final Duration WITHIN = Duration.ofMinutes(10);
  private static final EventLoop LOOP = new EmbeddedChannel().eventLoop();
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-22T00:00:00Z"));

  private final AtomicLong nanos = new AtomicLong(System.nanoTime());
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final StaleAnswers answers;
  private final LastAnswers shelf;

  Scene() {
    this(1 << 20);
  }

  Scene(int mostBytes) {
    answers = new StaleAnswers(mostBytes, nanos::get, CLOCK, registry);
    shelf = answers.of(route());
  }

  static Route route() {
    return route(9_101, Optional.of(new Fallback.Stale(WITHIN, Optional.empty())));
  }

  static Route route(int port, Optional<Fallback> fallback) {
    Endpoint endpoint = new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", port);
    return Exchanges.recovering(
        Exchanges.route(Exchanges.upstream(endpoint)), Optional.empty(), fallback);
  }

  /** The same route, further down in its file and with a limit. */
  static Route limited(Route route, Limit limit) {
    return new Route(
        route.id(),
        new Source(7, 1),
        route.match(),
        route.upstream(),
        route.priority(),
        route.authentication(),
        List.of(limit),
        route.stripPrefix(),
        route.deadline(),
        route.attemptTimeout(),
        route.retry(),
        route.maxBodyBytes(),
        route.filters(),
        route.hedge(),
        route.fallback(),
        route.maxWebSockets(),
        route.brownOut());
  }

  StaleAnswers answers() {
    return answers;
  }

  LastAnswers shelf() {
    return shelf;
  }

  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  /** A GET as ingress leaves it; fields as NAME: VALUE. */
  Exchange get(String target, String... fields) {
    return ask(HttpMethod.GET, "shop.example", target, fields);
  }

  Exchange ask(HttpMethod method, String host, String target, String... fields) {
    return ask(method, host, target, RequestBody.NONE, fields);
  }

  Exchange ask(HttpMethod method, String host, String target, RequestBody body, String... fields) {
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    HttpHeaders headers = headers(fields).set("host", host);
    if (!headers.contains("x-forwarded-host")) {
      headers.set("x-forwarded-host", host);
    }
    headers.add("x-forwarded-for", "192.0.2.1").set("x-forwarded-proto", "https");
    RequestHead head =
        new RequestHead(
            method,
            "https",
            host,
            path,
            target.substring(path.length()),
            "192.0.2.1",
            "r1",
            headers);
    Exchange exchange = new Exchange(head, body, LOOP, nanos.get());
    exchange.bind(route(), 0);
    return exchange;
  }

  /** The same request of somebody whose token was verified. */
  static Exchange by(String subject, Exchange exchange) {
    exchange.identify(new Caller(subject, "", "", Set.of(), Set.of()));
    return exchange;
  }

  static UpstreamResponse answer(int status, String body, String... fields) {
    return new UpstreamResponse(
        status,
        headers(fields).set("content-length", String.valueOf(body.length())),
        new Body.Whole(Exchanges.bytes(body)));
  }

  static UpstreamResponse ok(String body, String... fields) {
    return answer(200, body, fields);
  }

  static UpstreamResponse streamed(Flux<ByteBuf> content, String... fields) {
    return new UpstreamResponse(200, headers(fields), new Body.Stream(content));
  }

  private static HttpHeaders headers(String... fields) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (String field : fields) {
      int colon = field.indexOf(':');
      headers.add(field.substring(0, colon), field.substring(colon + 1).strip());
    }
    return headers;
  }

  /** Answers a request well, and lets the client read it to its end. */
  void served(Exchange exchange, UpstreamResponse answer) {
    read(shelf.keep(exchange, answer));
  }

  /** What the client of a request gets when the upstream fails now. */
  Optional<String> found(Exchange exchange) {
    return shelf.find(exchange).map(Scene::read);
  }

  static String read(UpstreamResponse answer) {
    return switch (answer.body()) {
      case Body.Empty() -> "";
      case Body.Whole(ByteBuf content) -> text(content);
      case Body.Switched _ -> throw new IllegalStateException("no WebSocket");
      case Body.Stream(Flux<ByteBuf> content, var _) ->
          String.join("", content.map(Scene::text).toIterable());
    };
  }

  private static String text(ByteBuf bytes) {
    String text = bytes.toString(StandardCharsets.ISO_8859_1);
    bytes.release();
    return text;
  }
}
