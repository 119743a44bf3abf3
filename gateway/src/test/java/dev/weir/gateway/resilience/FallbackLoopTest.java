package dev.weir.gateway.resilience;

import static dev.weir.gateway.resilience.ScriptedTransport.failure;
import static dev.weir.gateway.resilience.ScriptedTransport.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Upstream;
import dev.weir.gateway.stale.StaleAnswers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** What answers where a route's upstream fails. */
@ExtendWith(LeakCheck.class)
final class FallbackLoopTest {
  private static final EventLoop LOOP = new DefaultEventLoop();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Endpoint A = new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9_101);
  private static final Endpoint B = new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9_102);
  private static final Fallback FIXED = new Fallback.Fixed(200, "application/json", "[]");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Breakers breakers = new Breakers(registry, new MovedClock());
  private final ScriptedTransport transport = new ScriptedTransport();
  private final StaleAnswers kept =
      new StaleAnswers(1 << 20, System::nanoTime, InstantSource.system(), registry);

  @AfterAll
  static void stop() {
    LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static Fallback elsewhere() {
    Upstream plain = Exchanges.upstream(B);
    return new Fallback.Elsewhere(
        new Upstream("spare", plain.endpoints(), plain.pool(), plain.breaker(), plain.selection()));
  }

  private static Exchange request(Fallback fallback, HttpMethod method) {
    Route route =
        Exchanges.recovering(
            Exchanges.route(Exchanges.upstream(A)), Optional.empty(), Optional.of(fallback));
    return Exchanges.request(route, LOOP, method, "/a");
  }

  private UpstreamResponse send(Exchange exchange) {
    return Objects.requireNonNull(
        FallbackLoop.of(exchange.route(), _ -> transport, kept::of, breakers)
            .apply(exchange)
            .block(PATIENCE));
  }

  private GatewayError refusal(Exchange exchange) {
    return Objects.requireNonNull(
            catchThrowableOfType(RefusedException.class, () -> send(exchange)))
        .rejection()
        .error();
  }

  private double counted(String cause) {
    return registry.get("weir.fallbacks").tag("cause", cause).counter().count();
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT_FAILED, upstream-unreachable",
    "POOL_EXHAUSTED, upstream-busy",
    "RESET, upstream-reset",
    "TIMEOUT, deadline-exceeded",
    "PROTOCOL, upstream-protocol"
  })
  void givesTheRoutesAnswerWhereTheUpstreamFails(Kind kind, String cause) {
    transport.then(failure(kind));
    Exchange exchange = request(FIXED, HttpMethod.GET);
    UpstreamResponse answer = send(exchange);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().get("content-type")).isEqualTo("application/json");
    assertThat(answer.headers().get("content-length")).isEqualTo("2");
    assertThat(answer.headers().get("cache-control")).isEqualTo("no-store");
    assertThat(answer.body())
        .isInstanceOfSatisfying(
            UpstreamResponse.Body.Whole.class,
            whole -> assertThat(whole.content().toString(StandardCharsets.UTF_8)).isEqualTo("[]"));
    assertThat(exchange.fallback()).isEqualTo("fixed");
    assertThat(counted(cause)).isOne();
  }

  @ParameterizedTest
  @CsvSource({"502", "503", "504"})
  void givesTheRoutesAnswerWhereTheUpstreamSaysItIsUnwell(int status) {
    transport.then(status(status));

    assertThat(send(request(FIXED, HttpMethod.GET)).status()).isEqualTo(200);
    assertThat(counted("upstream-error")).isOne();
  }

  @Test
  void givesItAlsoWhileTheBreakerIsOpen() {
    for (int i = 0; i < 10; i++) {
      transport.then(failure(Kind.RESET));
      send(request(FIXED, HttpMethod.GET));
    }
    send(request(FIXED, HttpMethod.POST));

    assertThat(transport.calls()).hasSize(10);
    assertThat(counted("breaker-open")).isOne();
  }

  @Test
  void leavesOtherAnswersAndOtherFaultsAlone() {
    transport.then(status(500), status(200), failure(Kind.REQUEST_ABORTED));

    assertThat(send(request(FIXED, HttpMethod.GET)).status()).isEqualTo(500);
    assertThat(send(request(FIXED, HttpMethod.GET)).status()).isEqualTo(200);
    Exchange aborted = request(FIXED, HttpMethod.GET);
    assertThat(refusal(aborted)).isEqualTo(GatewayError.CLIENT_ABORTED);
    assertThat(aborted.fallback()).isEmpty();
  }

  @Test
  void answersHeadWithoutABody() {
    transport.then(failure(Kind.RESET));
    UpstreamResponse answer = send(request(FIXED, HttpMethod.HEAD));

    assertThat(answer.body()).isInstanceOf(UpstreamResponse.Body.Empty.class);
    assertThat(answer.headers().get("content-length")).isEqualTo("2");
  }

  @Test
  void asksTheOtherUpstreamForWhatMayBeSentTwice() {
    transport.then(status(503));
    Exchange exchange = request(elsewhere(), HttpMethod.GET);

    assertThat(send(exchange).status()).isEqualTo(200);
    assertThat(transport.calls())
        .extracting(ScriptedTransport.Call::endpoint)
        .containsExactly(A, B);
    assertThat(exchange.fallback()).isEqualTo("spare");
    assertThat(exchange.endpoint()).isEqualTo(B.authority());
  }

  @Test
  void asksTheOtherUpstreamForAnythingThatWasNotSent() {
    transport.then(failure(Kind.CONNECT_FAILED));
    assertThat(send(request(elsewhere(), HttpMethod.POST)).status()).isEqualTo(200);

    transport.then(failure(Kind.RESET));
    assertThat(refusal(request(elsewhere(), HttpMethod.POST)))
        .isEqualTo(GatewayError.UPSTREAM_RESET);
    transport.then(status(503));
    assertThat(send(request(elsewhere(), HttpMethod.POST)).status()).isEqualTo(503);
  }

  @Test
  void tellsWhatTheOtherUpstreamSays() {
    transport.then(failure(Kind.RESET), status(503));
    assertThat(send(request(elsewhere(), HttpMethod.GET)).status()).isEqualTo(503);

    transport.then(status(503), failure(Kind.CONNECT_FAILED));
    assertThat(refusal(request(elsewhere(), HttpMethod.GET)))
        .isEqualTo(GatewayError.UPSTREAM_UNREACHABLE);
    assertThat(transport.calls()).hasSize(4);
  }

  private static Fallback stale(Optional<Fallback> otherwise) {
    return new Fallback.Stale(Duration.ofMinutes(10), otherwise);
  }

  private static Mono<UpstreamResponse> saying(String body) {
    return Mono.fromSupplier(
        () ->
            new UpstreamResponse(
                200,
                new DefaultHttpHeaders(),
                new UpstreamResponse.Body.Whole(Exchanges.bytes(body))));
  }

  private static String read(UpstreamResponse answer) {
    assertThat(answer.body()).isInstanceOf(UpstreamResponse.Body.Whole.class);
    ByteBuf content = ((UpstreamResponse.Body.Whole) answer.body()).content();
    String text = content.toString(StandardCharsets.UTF_8);
    content.release();
    return text;
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT_FAILED, upstream-unreachable",
    "POOL_EXHAUSTED, upstream-busy",
    "RESET, upstream-reset",
    "TIMEOUT, deadline-exceeded",
    "PROTOCOL, upstream-protocol"
  })
  void givesTheLastGoodAnswerWhereTheUpstreamFails(Kind kind, String cause) {
    transport.then(saying("good"), failure(kind));
    assertThat(read(send(request(stale(Optional.of(FIXED)), HttpMethod.GET)))).isEqualTo("good");
    Exchange exchange = request(stale(Optional.of(FIXED)), HttpMethod.GET);
    UpstreamResponse answer = send(exchange);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers().get("age")).isEqualTo("0");
    assertThat(read(answer)).isEqualTo("good");
    assertThat(exchange.fallback()).isEqualTo("stale");
    assertThat(counted(cause)).isOne();
  }

  @ParameterizedTest
  @CsvSource({"502", "503", "504"})
  void givesTheLastGoodAnswerWhereTheUpstreamSaysItIsUnwell(int status) {
    transport.then(saying("good"), status(status));
    read(send(request(stale(Optional.empty()), HttpMethod.GET)));

    assertThat(read(send(request(stale(Optional.empty()), HttpMethod.GET)))).isEqualTo("good");
    assertThat(counted("upstream-error")).isOne();
  }

  @Test
  void tellsTheClientWhereThereIsNoAnswerLeft() {
    transport.then(failure(Kind.RESET), status(503), status(500));
    Exchange exchange = request(stale(Optional.empty()), HttpMethod.GET);

    assertThat(refusal(exchange)).isEqualTo(GatewayError.UPSTREAM_RESET);
    assertThat(exchange.fallback()).isEmpty();
    assertThat(send(request(stale(Optional.empty()), HttpMethod.GET)).status()).isEqualTo(503);
    assertThat(send(request(stale(Optional.empty()), HttpMethod.GET)).status()).isEqualTo(500);
    assertThat(registry.find("weir.fallbacks").counter()).isNull();
  }

  @Test
  void goesOnToTheNextResortWhereThereIsNoGoodAnswer() {
    transport.then(failure(Kind.RESET), failure(Kind.RESET), saying("spare"));
    Exchange fixed = request(stale(Optional.of(FIXED)), HttpMethod.GET);
    assertThat(read(send(fixed))).isEqualTo("[]");
    assertThat(fixed.fallback()).isEqualTo("fixed");

    Exchange other = request(stale(Optional.of(elsewhere())), HttpMethod.GET);
    assertThat(read(send(other))).isEqualTo("spare");
    assertThat(other.fallback()).isEqualTo("spare");
    assertThat(counted("upstream-reset")).isEqualTo(2);
  }

  @Test
  void keepsNoAnswerOfTheOtherUpstream() {
    Fallback fallback = stale(Optional.of(elsewhere()));
    transport.then(failure(Kind.RESET), saying("spare"), failure(Kind.RESET), saying("again"));
    assertThat(read(send(request(fallback, HttpMethod.GET)))).isEqualTo("spare");

    assertThat(read(send(request(fallback, HttpMethod.GET)))).isEqualTo("again");
  }

  @Test
  void keepsNothingForARouteThatDoesNotSaySo() {
    transport.then(saying("good"), failure(Kind.RESET));
    read(send(request(FIXED, HttpMethod.GET)));

    assertThat(read(send(request(FIXED, HttpMethod.GET)))).isEqualTo("[]");
    assertThat(registry.get("weir.stale.answers").gauge().value()).isZero();
  }
}
