package dev.weir.gateway.upstream;

import static dev.weir.gateway.fixture.Exchanges.bytes;
import static dev.weir.gateway.upstream.ClientFixture.await;
import static dev.weir.gateway.upstream.ClientFixture.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.RequestHead;
import dev.weir.gateway.fixture.Answer;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Upstream;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;

/** What goes to the upstream, byte by byte, and what happens when it does not go well. */
@ExtendWith(LeakCheck.class)
final class UpstreamRequestIT {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final ClientFixture CLIENT = new ClientFixture();

  @AfterAll
  static void stop() {
    CLIENT.close();
  }

  /** Echoes what it read of a body with this end. */
  private static ScriptedUpstream reading(String end) {
    return ScriptedUpstream.start(
        peer -> {
          while (peer.readHead()) {
            String body = peer.readUntil(end);
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
          }
        });
  }

  @Test
  void keepsContentLengthWhereClientGaveOne() {
    try (var server = reading("world")) {
      Flux<ByteBuf> body = Flux.just("hello ", "world").map(Exchanges::bytes);
      Answer answer =
          await(CLIENT.upload(server, body, headers -> headers.set("content-length", "11")));

      assertThat(answer.body()).isEqualTo("hello world");
      assertThat(server.heads().getFirst())
          .startsWith("POST /upload HTTP/1.1\r\n")
          .contains("content-length: 11\r\n")
          .doesNotContainIgnoringCase("transfer-encoding");
    }
  }

  @Test
  void sendsChunksWhereLengthIsUnknown() {
    try (var server = reading("0\r\n\r\n")) {
      Flux<ByteBuf> body = Flux.just("hello ", "world").map(Exchanges::bytes);
      Answer answer = await(CLIENT.upload(server, body, UnaryOperator.identity()));

      assertThat(answer.body()).isEqualTo("6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n");
      await(CLIENT.upload(server, Flux.just(bytes("x")), UnaryOperator.identity()));
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void stripsExpectationAndConnection() {
    try (var server = reading("0\r\n\r\n")) {
      await(
          CLIENT.upload(
              server,
              Flux.just(bytes("x")),
              headers -> headers.set("expect", "100-continue").set("connection", "close")));

      assertThat(server.heads().getFirst())
          .doesNotContainIgnoringCase("expect")
          .doesNotContainIgnoringCase("connection");
    }
  }

  @Test
  void saysThatPostWithoutBodyIsEmpty() {
    try (var server = ScriptedUpstream.answering(OK)) {
      Upstream upstream = Exchanges.upstream(server.endpoint());
      await(CLIENT.send(upstream, CLIENT.first(), HttpMethod.POST));

      assertThat(server.heads().getFirst()).containsIgnoringCase("content-length: 0\r\n");
    }
  }

  private static String target(String prefix, String path, String query) {
    HttpHeaders none = new DefaultHttpHeaders();
    return new RequestHead(HttpMethod.GET, "https", "h", path, query, "::1", "r", none)
        .targetWithout(prefix);
  }

  @Test
  void stripsPrefix() {
    assertThat(target("/auth", "/auth/login", "?a=1")).isEqualTo("/login?a=1");
    assertThat(target("/auth", "/auth", "")).isEqualTo("/");
    assertThat(target("/auth/", "/auth/login", "")).isEqualTo("/login");
    assertThat(target("/auth", "/other", "")).isEqualTo("/other");
    assertThat(target("", "/a", "")).isEqualTo("/a");
    try (var server = ScriptedUpstream.answering(OK)) {
      Route route = Exchanges.route(Exchanges.upstream(server.endpoint()));
      var exchange =
          Exchanges.request(
              Exchanges.stripping(route, "/auth"), CLIENT.first(), HttpMethod.GET, "/auth/login");
      await(CLIENT.attempt(exchange).flatMap(Answer::read));

      assertThat(server.heads().getFirst()).startsWith("GET /login HTTP/1.1\r\n");
    }
  }

  @Test
  void passesEarlyAnswerOnAndDropsConnection() {
    var cancelled = new AtomicBoolean();
    Flux<ByteBuf> endless =
        Flux.<ByteBuf>generate(sink -> sink.next(bytes("x".repeat(1_000))))
            .doOnCancel(() -> cancelled.set(true));
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
              peer.awaitClose();
            })) {
      Answer answer = await(CLIENT.upload(server, endless, UnaryOperator.identity()));

      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).isEqualTo("big");
      assertThat(cancelled).isTrue();
      Awaitility.await().until(() -> server.open() == 0);
    }
  }

  @Test
  void passesEarlyAnswerOnThoughUpstreamHungUp() {
    Flux<ByteBuf> endless = Flux.generate(sink -> sink.next(bytes("x".repeat(1_000))));
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
            })) {
      assertThat(await(CLIENT.upload(server, endless, UnaryOperator.identity())).status())
          .isEqualTo(413);
    }
  }

  private static void pass(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void takesBodyNoFasterThanUpstreamReads() {
    var taken = new AtomicInteger();
    var end = new CountDownLatch(1);
    Flux<ByteBuf> endless =
        Flux.generate(
            sink -> {
              taken.incrementAndGet();
              sink.next(bytes("x".repeat(10_000)));
            });
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              pass(end);
            })) {
      var running = CLIENT.upload(server, endless, UnaryOperator.identity()).subscribe();
      var before = new AtomicInteger(-1);
      Awaitility.await().until(() -> before.getAndSet(taken.get()) == taken.get());

      // What the kernel's socket buffers take at most, and a watermark.
      assertThat(taken.get()).isLessThan(1_600);
      running.dispose();
      end.countDown();
    }
  }

  @Test
  void endsWithClientAbort() {
    try (var server = reading("never")) {
      Flux<ByteBuf> body =
          Flux.just(bytes("half")).concatWith(Flux.error(new IOException("client went away")));
      var failure = awaitFailure(CLIENT.upload(server, body, UnaryOperator.identity()));

      assertThat(failure.kind()).isEqualTo(Kind.REQUEST_ABORTED);
      Awaitility.await().until(() -> server.open() == 0);
    }
  }

  @Test
  void passesRefusalOfBodyOnUnchanged() {
    var refusal = new RefusedException(Rejection.of(GatewayError.BODY_TOO_LARGE, "too large"));
    try (var server = reading("never")) {
      Flux<ByteBuf> body = Flux.just(bytes("half")).concatWith(Flux.error(refusal));

      assertThatThrownBy(() -> await(CLIENT.upload(server, body, UnaryOperator.identity())))
          .isSameAs(refusal);
      Awaitility.await().until(() -> server.open() == 0);
    }
  }

  @Test
  void blamesTheClientForABodyThatDoesNotCome() {
    try (var server = reading("never")) {
      Flux<ByteBuf> body = Flux.concat(Flux.just(bytes("half")), Flux.never());
      var slow = CLIENT.upload(server, body, UnaryOperator.identity(), Duration.ofMillis(200));

      assertThatThrownBy(() -> await(slow)).hasMessage("request-timeout");
      Awaitility.await().until(() -> server.open() == 0);
    }
  }

  @Test
  void blamesTheUpstreamThatDoesNotAnswerAWholeBody() {
    try (var server = reading("never")) {
      var slow =
          CLIENT.upload(
              server, Flux.just(bytes("whole")), UnaryOperator.identity(), Duration.ofMillis(200));

      assertThat(awaitFailure(slow).kind()).isEqualTo(Kind.TIMEOUT);
    }
  }

  @Test
  void neverSendsMoreOrLessThanContentLength() {
    try (var server = reading("never")) {
      var shorter =
          CLIENT.upload(
              server, Flux.just(bytes("abc")), headers -> headers.set("content-length", "4"));
      var longer =
          CLIENT.upload(
              server, Flux.just(bytes("abc")), headers -> headers.set("content-length", "2"));

      assertThat(awaitFailure(shorter).kind()).isEqualTo(Kind.REQUEST_ABORTED);
      assertThat(awaitFailure(longer).kind()).isEqualTo(Kind.REQUEST_ABORTED);
      Awaitility.await().until(() -> server.open() == 0);
    }
  }
}
