package dev.weir.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.fixture.Answer;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client makes of answers, good and bad. */
@ExtendWith(LeakCheck.class)
final class UpstreamAnswerIT {
  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final UpstreamClient client = new UpstreamClient(new SimpleMeterRegistry());

  @AfterAll
  static void stop() {
    LOOPS.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }

  @AfterEach
  void close() {
    client.closeAll();
  }

  private Answer call(ScriptedUpstream server, HttpMethod method) {
    return call(server.endpoint(), method);
  }

  private Answer call(Endpoint endpoint, HttpMethod method) {
    Upstream upstream = Exchanges.upstream(endpoint);
    Route route = Exchanges.route(upstream);
    Exchange exchange = Exchanges.request(route, LOOPS.next(), method, "/a");
    Answer answer =
        client
            .attempt(exchange, upstream, endpoint, TIMEOUT)
            .flatMap(Answer::read)
            .block(TIMEOUT.plusSeconds(5));
    if (answer == null) {
      throw new AssertionError("no answer");
    }
    return answer;
  }

  private void assertFails(ScriptedUpstream server, Kind kind) {
    assertFails(server.endpoint(), kind);
  }

  private void assertFails(Endpoint endpoint, Kind kind) {
    assertThatThrownBy(() -> call(endpoint, HttpMethod.GET))
        .isInstanceOfSatisfying(
            AttemptFailure.class, failure -> assertThat(failure.kind()).isEqualTo(kind));
  }

  @Test
  void passesShortAnswerWholeAndReusesConnection() {
    try (var server =
        ScriptedUpstream.answering("HTTP/1.1 200 OK\r\nX-A: 1\r\nContent-Length: 5\r\n\r\nhello")) {
      Answer first = call(server, HttpMethod.GET);
      Answer second = call(server, HttpMethod.GET);

      assertThat(first.status()).isEqualTo(200);
      assertThat(first.kind()).isEqualTo("Whole");
      assertThat(first.body()).isEqualTo("hello");
      assertThat(first.headers().get("x-a")).isEqualTo("1");
      assertThat(second.body()).isEqualTo("hello");
      assertThat(server.accepted()).isOne();
      assertThat(server.heads().getFirst())
          .startsWith("GET /a HTTP/1.1\r\n")
          .containsIgnoringCase("host: " + server.endpoint().authority() + "\r\n")
          .doesNotContainIgnoringCase("content-length")
          .doesNotContainIgnoringCase("transfer-encoding");
    }
  }

  @Test
  void removesHopByHopFields() {
    try (var server =
        ScriptedUpstream.answering(
            """
            HTTP/1.1 200 OK\r
            Connection: keep-alive, X-Private\r
            X-Private: 1\r
            Keep-Alive: timeout=5\r
            Trailer: X-T\r
            Upgrade: h2c\r
            Proxy-Authenticate: Basic\r
            X-Public: 1\r
            Transfer-Encoding: chunked\r
            \r
            3\r
            abc\r
            0\r
            X-T: 1\r
            \r
            """)) {
      Answer answer = call(server, HttpMethod.GET);

      assertThat(answer.body()).isEqualTo("abc");
      assertThat(answer.headers().names()).containsExactly("X-Public");
      call(server, HttpMethod.GET);
      assertThat(server.accepted()).isOne();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void knowsAnswersWithoutBody(String status) {
    try (var server = ScriptedUpstream.answering("HTTP/1.1 " + status + "\r\nETag: x\r\n\r\n")) {
      assertThat(call(server, HttpMethod.GET).kind()).isEqualTo("Empty");
      assertThat(call(server, HttpMethod.GET).kind()).isEqualTo("Empty");
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void headAnswerHasNoBodyButKeepsItsLength() {
    try (var server = ScriptedUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")) {
      Answer answer = call(server, HttpMethod.HEAD);

      assertThat(answer.kind()).isEqualTo("Empty");
      assertThat(answer.headers().get("content-length")).isEqualTo("5");
      call(server, HttpMethod.HEAD);
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void skipsInterimAnswers() {
    try (var server =
        ScriptedUpstream.answering(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")) {
      Answer answer = call(server, HttpMethod.GET);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("ok");
      assertThat(answer.headers().contains("link")).isFalse();
    }
  }

  @Test
  void readsBodyThatTheCloseEnds() {
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.write("HTTP/1.1 200 OK\r\n\r\nto the ");
              peer.write("end");
            })) {
      assertThat(call(server, HttpMethod.GET).body()).isEqualTo("to the end");
      assertThat(call(server, HttpMethod.GET).body()).isEqualTo("to the end");
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void honoursConnectionClose() {
    try (var server =
        ScriptedUpstream.answering(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")) {
      call(server, HttpMethod.GET);
      call(server, HttpMethod.GET);
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void streamsLongAnswer() {
    String body = "0123456789".repeat(100_000);
    try (var server =
        ScriptedUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + body)) {
      Answer answer = call(server, HttpMethod.GET);

      assertThat(answer.kind()).isEqualTo("Stream");
      assertThat(answer.body()).isEqualTo(body);
      assertThat(call(server, HttpMethod.GET).body()).hasSize(1_000_000);
      assertThat(server.accepted()).isOne();
    }
  }

  @Test
  void readsAnswerThatDribbles() {
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              for (char c : "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc".toCharArray()) {
                peer.write(String.valueOf(c));
              }
              peer.awaitClose();
            })) {
      assertThat(call(server, HttpMethod.GET).body()).isEqualTo("abc");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage that is no HTTP at all\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"
      })
  void refusesWhatIsNotHttp(String answer) {
    try (var server = ScriptedUpstream.answering(answer)) {
      assertFails(server, Kind.PROTOCOL);
    }
  }

  @Test
  void refusesHeadOverItsBound() {
    String field = "X-Long: " + "x".repeat(ResponseDecoder.MAX_HEADER_BYTES) + "\r\n";
    try (var server = ScriptedUpstream.answering("HTTP/1.1 200 OK\r\n" + field + "\r\n")) {
      assertFails(server, Kind.PROTOCOL);
    }
  }

  @Test
  void reportsResetWhereConnectionClosesBeforeHead() {
    try (var server = ScriptedUpstream.start(peer -> peer.readHead())) {
      assertFails(server, Kind.RESET);
    }
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.write("HTTP/1.1 200 OK\r\nX-A");
            })) {
      assertFails(server, Kind.RESET);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Content-Length: 10\r\n\r\nshort", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"})
  void failsBodyThatEndsEarly(String rest) {
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.write("HTTP/1.1 200 OK\r\n" + rest);
            })) {
      assertFails(server, Kind.RESET);
    }
  }

  @Test
  void failsBodyWithBadChunk() {
    try (var server =
        ScriptedUpstream.answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n")) {
      assertFails(server, Kind.PROTOCOL);
    }
  }

  @Test
  void neverReusesConnectionWithBytesLeftOver() {
    try (var server =
        ScriptedUpstream.answering(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nX-Forged")) {
      assertThat(call(server, HttpMethod.GET).headers().names()).containsExactly("Content-Length");
      assertThat(call(server, HttpMethod.GET).headers().names()).containsExactly("Content-Length");
      assertThat(server.accepted()).isEqualTo(2);
    }
  }

  @Test
  void timesOutWithoutHead() {
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.awaitClose();
            })) {
      Upstream upstream = Exchanges.upstream(server.endpoint());
      Exchange exchange =
          Exchanges.request(Exchanges.route(upstream), LOOPS.next(), HttpMethod.GET, "/a");
      var attempt = client.attempt(exchange, upstream, server.endpoint(), Duration.ofMillis(50));

      assertThatThrownBy(() -> attempt.block(TIMEOUT))
          .isInstanceOfSatisfying(
              AttemptFailure.class,
              failure -> {
                assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
                assertThat(failure.requestSent()).isTrue();
              });
      org.awaitility.Awaitility.await().until(() -> server.open() == 0);
    }
  }

  @Test
  void reportsRefusedConnection() throws IOException {
    // Bound and not listening: nobody else can take the port, and the kernel refuses.
    try (var silent = new Socket()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      assertFails(
          new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", silent.getLocalPort()),
          Kind.CONNECT_FAILED);
    }
  }
}
