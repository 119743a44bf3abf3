package dev.weir.gateway.upstream;

import static dev.weir.gateway.upstream.ClientFixture.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.fixture.Answer;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.Http2Call;
import dev.weir.gateway.fixture.Http2Upstream;
import dev.weir.gateway.fixture.Http2Upstream.Setup;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.route.PoolPolicy;
import dev.weir.gateway.route.Protocol;
import dev.weir.gateway.route.Upstream;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;

/** How streams are bounded, moved to other connections, and let go. */
@ExtendWith(LeakCheck.class)
final class StreamPoolIT {
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ClientFixture client = new ClientFixture();

  @AfterEach
  void stop() {
    client.close();
  }

  private CompletableFuture<@Nullable Answer> get(Upstream upstream) {
    return client.get(upstream, client.first()).toFuture();
  }

  private static String body(CompletableFuture<? extends @Nullable Answer> answer) {
    return Objects.requireNonNull(answer.join()).body();
  }

  private static Upstream with(Http2Upstream server, Duration maxIdle, Duration idleTimeout) {
    return server.upstream(
        new PoolPolicy(Duration.ofSeconds(2), 4, maxIdle, LONG, idleTimeout, Protocol.H2C));
  }

  @Test
  void requestsShareAConnection() {
    try (var server = Http2Upstream.start(_ -> {})) {
      Upstream upstream = server.upstream(4);
      var answers = IntStream.range(0, 50).mapToObj(_ -> get(upstream)).toList();
      await().until(() -> server.calls().size() == 50);
      assertThat(client.connections("active")).isOne();
      assertThat(client.streams()).isEqualTo(50);
      server.calls().forEach(call -> call.ok("ok"));

      assertThat(answers).extracting(StreamPoolIT::body).containsOnly("ok");
      assertThat(server.accepted()).isOne();
      await().until(() -> client.connections("idle") == 1 && client.streams() == 0);
    }
  }

  @Test
  void sharesAConnectionThatHasOnlyJustComeWhileOthersStillWaitForIt() {
    try (var server = Http2Upstream.start(call -> call.ok("ok"))) {
      Upstream upstream = server.upstream(4);
      PoolKey key = PoolKey.of(upstream, upstream.endpoints().getFirst());
      EndpointPool endpoint = new EndpointPool(key, new Connector(key, client.client().wiring()));
      Pool pool = endpoint.on(client.first());
      var first = new CompletableFuture<Answer>();
      var second = new CompletableFuture<Answer>();
      client.first().execute(() -> answer(upstream, pool, first));
      client.first().execute(() -> onceConnected(pool, () -> answer(upstream, pool, second)));

      assertThat(List.of(body(first), body(second))).containsOnly("ok");
      assertThat(server.accepted()).isOne();
      endpoint.closeAll();
    }
  }

  /** Asks in each turn, so that it comes before what the pool puts off to the next. */
  private static void onceConnected(Pool pool, Runnable then) {
    if (pool.isConnecting()) {
      pool.loop().execute(() -> onceConnected(pool, then));
    } else {
      then.run();
    }
  }

  private static void answer(Upstream upstream, Pool pool, CompletableFuture<Answer> answer) {
    Exchange exchange =
        Exchanges.request(Exchanges.route(upstream), pool.loop(), HttpMethod.GET, "/a");
    new Attempt(exchange, pool, LONG)
        .flatMap(Answer::read)
        .subscribe(answer::complete, answer::completeExceptionally);
  }

  @Test
  void keepsThePeersBoundAndOpensMoreConnectionsUpToTheOwn() {
    try (var server =
        Http2Upstream.start(
            Setup.of(_ -> {}).with(Http2Settings.defaultSettings().maxConcurrentStreams(2)))) {
      Upstream upstream = server.upstream(2);
      var answers = IntStream.range(0, 6).mapToObj(_ -> get(upstream)).toList();
      await().until(() -> server.calls().size() == 4);
      assertThat(server.accepted()).isEqualTo(2);
      server.calls().forEach(call -> call.ok("ok"));
      await().until(() -> server.calls().size() == 6);
      server.calls().subList(4, 6).forEach(call -> call.ok("ok"));

      assertThat(answers).extracting(StreamPoolIT::body).containsOnly("ok");
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void loopsTakeTurnsAtOneConnection() {
    try (var server = Http2Upstream.start(call -> call.ok("ok"))) {
      Upstream upstream = server.upstream(1);
      var answers =
          Flux.range(0, 60)
              .flatMap(i -> client.get(upstream, i % 2 == 0 ? client.first() : client.second()), 2)
              .collectList()
              .block(ClientFixture.PATIENCE);

      assertThat(answers).hasSize(60).allMatch(answer -> answer.body().equals("ok"));
      await().until(() -> server.open() <= 1);
    }
  }

  @Test
  void goodbyeMovesWhatWasNotServed() {
    try (var server = Http2Upstream.start(_ -> {})) {
      Upstream upstream = server.upstream(4);
      var first = get(upstream);
      var second = client.send(upstream, client.first(), HttpMethod.POST).toFuture();
      await().until(() -> server.calls().size() == 2);
      server.calls().getFirst().lastOfAll();
      await().until(() -> server.calls().size() == 3);
      server.calls().get(2).ok("second");
      server.calls().getFirst().ok("first");

      assertThat(body(first)).isEqualTo("first");
      assertThat(body(second)).isEqualTo("second");
      assertThat(server.accepted()).isEqualTo(2);
      await().until(() -> server.open() == 1);
    }
  }

  @Test
  void refusedStreamIsSentOnceMore() {
    AtomicBoolean refused = new AtomicBoolean();
    try (var server =
        Http2Upstream.start(
            call -> {
              if (refused.compareAndSet(false, true)) {
                call.reset(Http2Error.REFUSED_STREAM);
              } else {
                call.ok("ok");
              }
            })) {
      var answer = client.send(server.upstream(1), client.first(), HttpMethod.POST);

      assertThat(ClientFixture.await(answer).body()).isEqualTo("ok");
      assertThat(server.calls()).hasSize(2);
    }
  }

  @Test
  void refusedStreamWhoseBodyIsGoneIsNot() {
    try (var server = Http2Upstream.start(call -> call.reset(Http2Error.REFUSED_STREAM))) {
      var body = Flux.just(Exchanges.bytes("once"));
      var exchange =
          Exchanges.request(
              Exchanges.route(server.upstream(1)),
              client.first(),
              HttpMethod.POST,
              body,
              fields -> fields);
      var failure = awaitFailure(client.attempt(exchange));

      assertThat(failure.kind()).isEqualTo(Kind.RESET);
      assertThat(failure.requestSent()).isTrue();
      assertThat(server.calls()).hasSize(1);
    }
  }

  @Test
  void cancelEndsTheStreamAlone() {
    try (var server = Http2Upstream.start(_ -> {})) {
      Upstream upstream = server.upstream(1);
      var given = client.get(upstream, client.first()).subscribe();
      var kept = get(upstream);
      await().until(() -> server.calls().size() == 2);
      given.dispose();
      await().until(() -> server.calls().getFirst().resetCode() == Http2Error.CANCEL.code());
      server.calls().get(1).ok("kept");

      assertThat(body(kept)).isEqualTo("kept");
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void leavesAConnectionBeforeItsPeerTiresOfResets() {
    try (var server = Http2Upstream.start(_ -> {})) {
      Upstream upstream = server.upstream(2);
      var kept = get(upstream);
      await().until(() -> server.calls().size() == 1);
      for (int i = 0; i < 10 * Farewell.MOST_RESETS && server.accepted() == 1; i++) {
        int before = server.calls().size();
        var given = client.get(upstream, client.first()).subscribe();
        await().pollInterval(MILLISECOND).until(() -> server.calls().size() > before);
        given.dispose();
        Http2Call call = server.calls().getLast();
        await().pollInterval(MILLISECOND).until(() -> call.resetCode() >= 0);
      }
      assertThat(server.calls()).hasSizeGreaterThan(Farewell.MOST_RESETS);
      assertThat(server.accepted()).isEqualTo(2);
      int before = server.calls().size();
      var next = get(upstream);
      await().until(() -> server.calls().size() > before);
      server.calls().getLast().ok("next");
      server.calls().getFirst().ok("kept");

      assertThat(body(next)).isEqualTo("next");
      assertThat(body(kept)).isEqualTo("kept");
      await().until(() -> server.open() == 1);
    }
  }

  @Test
  void headBeyondThePeersBoundIsTheClientsFault() {
    Http2Settings small = Http2Settings.defaultSettings().maxHeaderListSize(50);
    try (var server = Http2Upstream.start(Setup.of(call -> call.ok("ok")).with(small))) {
      Upstream upstream = server.upstream(1);
      var failure =
          catchThrowableOfType(
              RefusedException.class,
              () -> client.get(upstream, client.first()).block(ClientFixture.PATIENCE));

      assertThat(failure.rejection().error()).isEqualTo(GatewayError.TOO_MANY_FIELDS);
      assertThat(server.calls()).isEmpty();
    }
  }

  @Test
  void deadPeerIsLeftOnceATimeOutRaisesTheSuspicion() {
    AtomicInteger calls = new AtomicInteger();
    Setup setup =
        Setup.of(
            call -> {
              if (calls.getAndIncrement() != 1) {
                call.ok("alive");
              }
            });
    try (var server = Http2Upstream.start(setup.deafToPings())) {
      Upstream upstream = with(server, LONG, Duration.ofMillis(600));
      var exchange =
          Exchanges.request(Exchanges.route(upstream), client.first(), HttpMethod.GET, "/a");
      assertThat(body(get(upstream))).isEqualTo("alive");
      var late = client.attempt(exchange, Duration.ofMillis(50));

      assertThat(awaitFailure(late).kind()).isEqualTo(Kind.TIMEOUT);
      assertThat(body(get(upstream))).isEqualTo("alive");
      assertThat(server.accepted()).isEqualTo(2);
      await().until(() -> server.pings() > 0);
      await().until(() -> !server.calls().getFirst().connection().isActive());
    }
  }

  @Test
  void silenceIsAskedAboutAndEndedWhereNobodyAnswers() {
    try (var server = Http2Upstream.start(Setup.of(_ -> {}).deafToPings())) {
      var failure =
          awaitFailure(client.get(with(server, LONG, Duration.ofMillis(200)), client.first()));

      assertThat(failure.kind()).isEqualTo(Kind.RESET);
      assertThat(failure).hasMessageContaining("PING");
    }
  }

  @Test
  void closesWhatIsIdleAndWhatNobodyAsksFor() {
    try (var server = Http2Upstream.start(call -> call.ok("ok"))) {
      Upstream brief = with(server, Duration.ofMillis(100), LONG);
      assertThat(body(get(brief))).isEqualTo("ok");
      await().until(() -> server.open() == 0);

      assertThat(body(get(server.upstream(4)))).isEqualTo("ok");
      client.client().retain(Set.of(), Upstream::endpoints);
      await().until(() -> server.open() == 0);
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void peerThatSpeaksHttp1IsNoConnection() {
    try (var server = ScriptedUpstream.answering("HTTP/1.1 400 Bad Request\r\n\r\n")) {
      Upstream plain = Exchanges.upstream(server.endpoint());
      PoolPolicy policy = new PoolPolicy(Duration.ofSeconds(2), 4, LONG, LONG, LONG, Protocol.H2C);
      Upstream upstream =
          new Upstream(plain.name(), plain.endpoints(), policy, plain.breaker(), plain.selection());
      var failure = awaitFailure(client.get(upstream, client.first()));

      assertThat(failure.kind()).isEqualTo(Kind.CONNECT_FAILED);
      assertThat(failure.requestSent()).isFalse();
    }
  }
}
