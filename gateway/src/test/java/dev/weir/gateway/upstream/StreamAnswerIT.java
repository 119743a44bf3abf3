package dev.weir.gateway.upstream;

import static dev.weir.gateway.upstream.ClientFixture.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.exchange.UpstreamResponse.Body;
import dev.weir.gateway.fixture.Answer;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.Http2Call;
import dev.weir.gateway.fixture.Http2Upstream;
import dev.weir.gateway.fixture.Http2Upstream.Setup;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.route.Route;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** What an HTTP/2 upstream is sent, and what becomes of its answers. */
@ExtendWith(LeakCheck.class)
final class StreamAnswerIT {
  private final ClientFixture client = new ClientFixture();

  @AfterEach
  void stop() {
    client.close();
  }

  private Answer get(Http2Upstream server) {
    return ClientFixture.await(client.get(server.upstream(1), client.first()));
  }

  private UpstreamResponse respond(Http2Upstream server) {
    Route route = Exchanges.route(server.upstream(1));
    var exchange = Exchanges.request(route, client.first(), HttpMethod.GET, "/a");
    return Objects.requireNonNull(client.attempt(exchange).block(ClientFixture.PATIENCE));
  }

  private static Http2Upstream answering(Consumer<Http2Call> ended) {
    return Http2Upstream.start(ended);
  }

  @Test
  void sendsTheHeadThatHttp2Wants() {
    try (var server = answering(call -> call.ok("hello"))) {
      Route route = Exchanges.route(server.upstream(1));
      var exchange = Exchanges.request(route, client.first(), HttpMethod.GET, "/a");
      exchange.headers().set("X-Mixed", "Kept").set("Connection", "x-hop").add("Cookie", "a=1");
      Answer answer = ClientFixture.await(client.attempt(exchange).flatMap(Answer::read));

      assertThat(answer.body()).isEqualTo("hello");
      assertThat(answer.kind()).isEqualTo("Whole");
      assertThat(answer.headers().get("content-length")).isEqualTo("5");
      assertThat(answer.headers().names()).noneMatch(name -> name.startsWith(":"));
      Http2Call call = server.calls().getFirst();
      assertThat(call.field(":method")).isEqualTo("GET");
      assertThat(call.field(":scheme")).isEqualTo("http");
      assertThat(call.field(":path")).isEqualTo("/a");
      assertThat(call.field(":authority")).isEqualTo("127.0.0.1:" + server.port());
      assertThat(call.field("x-mixed")).isEqualTo("Kept");
      assertThat(call.field("cookie")).isEqualTo("a=1");
      assertThat(call.field("te")).isEqualTo("trailers");
      assertThat(call.has("host") || call.has("connection")).isFalse();
    }
  }

  @Test
  void sendsBodies() {
    try (var server = answering(call -> call.ok(call.body()))) {
      Flux<ByteBuf> body = Flux.range(0, 100).map(_ -> Exchanges.bytes("x".repeat(1_000)));
      Route route = Exchanges.route(server.upstream(1));
      var exchange =
          Exchanges.request(
              route,
              client.first(),
              HttpMethod.POST,
              body,
              fields -> fields.set("transfer-encoding", "chunked"));
      Answer answer = ClientFixture.await(client.attempt(exchange).flatMap(Answer::read));

      assertThat(answer.body()).hasSize(100_000);
      assertThat(server.calls().getFirst().has("transfer-encoding")).isFalse();
    }
  }

  @Test
  void passesTrailersBehindWholeAnswersAndStreams() {
    Sinks.Empty<Void> gate = Sinks.empty();
    try (var server =
        answering(
            call -> {
              var _ = call.head(200).data("some", false);
              if (call.field(":path").equals("/a")) {
                gate.asMono().subscribe(null, null, () -> call.trailers("grpc-status", "0"));
              }
            })) {
      UpstreamResponse response = respond(server);
      assertThat(response.body()).isInstanceOf(Body.Stream.class);
      gate.tryEmitEmpty();
      Body.Stream body = (Body.Stream) response.body();
      assertThat(body.content().map(StreamAnswerIT::text).collectList().block())
          .isEqualTo(List.of("some"));
      assertThat(body.trailers().get().get("grpc-status")).isEqualTo("0");

      UpstreamResponse whole = respond(server);
      Body.Stream again = (Body.Stream) whole.body();
      assertThat(again.content().map(StreamAnswerIT::text).collectList().block())
          .isEqualTo(List.of("some"));
      assertThat(again.trailers().get().get("grpc-status")).isEqualTo("0");
    }
  }

  private static String text(ByteBuf bytes) {
    String text = bytes.toString(StandardCharsets.ISO_8859_1);
    bytes.release();
    return text;
  }

  @Test
  void takesAnAnswerThatIsAHeadAlone() {
    try (var server = answering(call -> call.only(200, "grpc-status", "5"))) {
      Answer answer = get(server);

      assertThat(answer.kind()).isEqualTo("Empty");
      assertThat(answer.headers().get("grpc-status")).isEqualTo("5");
    }
  }

  @Test
  void skipsInterimAnswersButNotForEver() {
    try (var server =
        answering(
            call -> {
              call.head(103, "link", "</style.css>").head(103).ok("done");
            })) {
      assertThat(get(server).body()).isEqualTo("done");
    }
    try (var server =
        answering(
            call -> {
              for (int i = 0; i <= StreamCodec.MOST_INTERIM; i++) {
                call.head(103);
              }
            })) {
      assertThat(awaitFailure(client.get(server.upstream(1), client.first())).kind())
          .isEqualTo(Kind.PROTOCOL);
      await().until(() -> server.open() == 0);
    }
  }

  @Test
  void readsAnAnswerThatComesBeforeTheBodyIsThrough() {
    try (var server =
        Http2Upstream.start(
            Setup.of(_ -> {})
                .onHead(
                    call -> {
                      call.head(413)
                          .data("too long", true)
                          .addListener(_ -> call.reset(Http2Error.NO_ERROR));
                    }))) {
      Route route = Exchanges.route(server.upstream(1));
      var exchange =
          Exchanges.request(route, client.first(), HttpMethod.POST, Flux.never(), fields -> fields);
      Answer answer = ClientFixture.await(client.attempt(exchange).flatMap(Answer::read));

      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).isEqualTo("too long");
    }
  }

  @Test
  void tellsAResetFromALie() {
    try (var server =
        answering(
            call -> {
              switch (call.field(":path")) {
                case "/a" -> call.reset(Http2Error.INTERNAL_ERROR);
                default -> call.ok("fine");
              }
            })) {
      var failure = awaitFailure(client.get(server.upstream(1), client.first()));

      assertThat(failure.kind()).isEqualTo(Kind.RESET);
      assertThat(failure.requestSent()).isTrue();
      assertThat(failure).hasMessageContaining("INTERNAL_ERROR");
      assertThat(server.calls()).hasSize(1);
      assertThat(server.open()).isOne();
    }
  }
}
