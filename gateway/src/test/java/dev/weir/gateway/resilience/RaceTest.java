package dev.weir.gateway.resilience;

import static dev.weir.gateway.resilience.ScriptedTransport.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Hedge;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Slow reads and their rivals, on a clock that stands still: whatever takes a turn is slow. */
final class RaceTest {
  private static final EventLoop LOOP = new DefaultEventLoop();
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Endpoint A = new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9_101);
  private static final Endpoint B = new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9_102);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Breakers breakers = new Breakers(registry, new MovedClock());
  private final ScriptedTransport transport = new ScriptedTransport();
  private final AtomicLong nanos = new AtomicLong(System.nanoTime());
  private final Route route =
      Exchanges.recovering(
          Exchanges.route(Exchanges.upstream(A, B)), Optional.of(new Hedge(95)), Optional.empty());
  private final AttemptLoop loop =
      new AttemptLoop(route, transport, breakers, bound -> 0, nanos::get);
  private final Sinks.One<UpstreamResponse> first = Sinks.one();
  private final Sinks.One<UpstreamResponse> second = Sinks.one();

  @AfterAll
  static void stop() {
    LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @BeforeEach
  void learn() {
    for (int i = 0; i < 64; i++) {
      Exchange exchange = get();
      loop.send(exchange).block(PATIENCE);
      exchange.complete();
    }
  }

  private Exchange get() {
    return Exchanges.request(route, LOOP, HttpMethod.GET, "/a");
  }

  private double hedges(String outcome) {
    return registry.get("weir.hedges").tag("outcome", outcome).counter().count();
  }

  private double attempts(String outcome) {
    return registry.get("weir.attempts").tag("outcome", outcome).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private static UpstreamResponse answer(int status) {
    return new UpstreamResponse(
        status, new DefaultHttpHeaders(), new UpstreamResponse.Body.Empty());
  }

  private static void onLoop(Runnable task) {
    LOOP.submit(task).syncUninterruptibly();
  }

  /** Begins a read, and returns once both its attempts are under way. */
  private CompletableFuture<@Nullable UpstreamResponse> race(Exchange exchange) {
    int before = transport.calls().size();
    transport.then(first.asMono(), second.asMono());
    CompletableFuture<@Nullable UpstreamResponse> running = loop.send(exchange).toFuture();
    await().until(() -> transport.calls().size() == before + 2);
    return running;
  }

  private static int status(CompletableFuture<@Nullable UpstreamResponse> running) {
    return Objects.requireNonNull(running.join()).status();
  }

  private void takeWholeBudget() {
    RetryBudget budget = breakers.budget(route.upstream());
    assertThat(IntStream.range(0, 3).allMatch(i -> budget.tryRetry())).isTrue();
  }

  private void assertNothingIsLeft(Exchange exchange) {
    exchange.complete();
    assertThat(breakers.roster(route.upstream()).now().all())
        .allSatisfy(endpoint -> assertThat(endpoint.inFlight()).isZero());
    takeWholeBudget();
  }

  @Test
  void takesTheRivalsAnswerWhereItIsFirst() {
    Exchange exchange = get();
    var running = race(exchange);
    onLoop(() -> second.tryEmitValue(answer(200)));

    assertThat(status(running)).isEqualTo(200);
    assertThat(transport.calls().subList(64, 66))
        .extracting(ScriptedTransport.Call::endpoint)
        .doesNotHaveDuplicates();
    assertThat(exchange.endpoint()).isEqualTo(transport.calls().get(65).endpoint().authority());
    assertThat(exchange.attempts()).isEqualTo(2);
    assertThat(hedges("won")).isOne();
    assertThat(attempts("cancelled")).isOne();
    assertNothingIsLeft(exchange);
  }

  @Test
  void cancelsTheRivalWhereTheFirstAnswers() {
    Exchange exchange = get();
    var running = race(exchange);
    onLoop(() -> first.tryEmitValue(answer(200)));

    assertThat(status(running)).isEqualTo(200);
    assertThat(exchange.endpoint()).isEqualTo(transport.calls().get(64).endpoint().authority());
    assertThat(hedges("lost")).isOne();
    assertThat(attempts("cancelled")).isOne();
    assertNothingIsLeft(exchange);
  }

  @Test
  void waitsForTheOtherWhereOneIsNoAnswer() {
    Exchange exchange = get();
    var running = race(exchange);
    onLoop(() -> first.tryEmitValue(answer(503)));
    assertThat(running).isNotDone();
    onLoop(() -> second.tryEmitValue(answer(200)));

    assertThat(status(running)).isEqualTo(200);
    assertNothingIsLeft(exchange);
  }

  @Test
  void passesTheFirstAnswerOnWhereTheRivalFails() {
    Exchange exchange = get();
    var running = race(exchange);
    onLoop(() -> first.tryEmitValue(answer(503)));
    onLoop(() -> second.tryEmitValue(answer(502)));

    assertThat(status(running)).isEqualTo(503);
    assertThat(hedges("lost")).isOne();
    assertNothingIsLeft(exchange);
  }

  @Test
  void tellsOfTheFirstFailureWhereBothFail() {
    Exchange exchange = get();
    int before = transport.calls().size();
    transport.then(first.asMono(), failure(Kind.CONNECT_FAILED));
    var running = loop.send(exchange).toFuture();
    await().until(() -> transport.calls().size() == before + 2);
    onLoop(() -> first.tryEmitError(new AttemptFailure(Kind.RESET, true, "as the test said")));

    RefusedException refused =
        Objects.requireNonNull(
            catchThrowableOfType(
                RefusedException.class, () -> Mono.fromFuture(running).block(PATIENCE)));
    assertThat(refused.rejection().error()).isEqualTo(GatewayError.UPSTREAM_RESET);
    assertNothingIsLeft(exchange);
  }

  @Test
  void cancelsBothWhenTheClientGoes() {
    Exchange exchange = get();
    transport.then(first.asMono(), second.asMono());
    int before = transport.calls().size();
    var running = loop.send(exchange).subscribe();
    await().until(() -> transport.calls().size() == before + 2);
    onLoop(running::dispose);

    assertThat(attempts("cancelled")).isEqualTo(2);
    assertNothingIsLeft(exchange);
  }

  @Test
  void asksNoRivalBeyondTheBudgetOfRetries() {
    takeWholeBudget();
    transport.then(first.asMono());
    var running = loop.send(get()).toFuture();
    await().until(() -> hedges("budget_exhausted") == 1);
    onLoop(() -> first.tryEmitValue(answer(200)));

    assertThat(status(running)).isEqualTo(200);
    assertThat(transport.calls()).hasSize(65);
  }

  @Test
  void asksOnceForWhatIsNoRead() {
    Hedging hedging = new Hedging(new Hedge(95), "orders", registry);

    assertThat(hedging.fits(get())).isTrue();
    assertThat(hedging.fits(Exchanges.request(route, LOOP, HttpMethod.DELETE, "/a"))).isFalse();
    assertThat(hedging.fits(Exchanges.request(route, LOOP, HttpMethod.POST, Flux.never(), f -> f)))
        .isFalse();
  }
}
