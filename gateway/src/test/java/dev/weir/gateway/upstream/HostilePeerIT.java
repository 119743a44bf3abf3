package dev.weir.gateway.upstream;

import static dev.weir.gateway.fixture.RawHttp2.frame;
import static dev.weir.gateway.fixture.RawHttp2.literal;
import static dev.weir.gateway.upstream.ClientFixture.awaitFailure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.AttemptFailure.Kind;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.fixture.ScriptedUpstream.Peer;
import dev.weir.gateway.route.PoolPolicy;
import dev.weir.gateway.route.Protocol;
import dev.weir.gateway.route.Upstream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An HTTP/2 upstream that keeps no rule is a 502, its connection closed and nothing of it kept. */
@ExtendWith(LeakCheck.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostilePeerIT {
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int PUSH_PROMISE = 5;
  private static final int PING = 6;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int UNKNOWN = 0xfa;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  /** The first stream of a client of Netty. */
  private static final int STREAM = 3;

  private static final Duration LONG = Duration.ofSeconds(20);

  private final ClientFixture client = new ClientFixture();

  @AfterAll
  void stop() {
    client.close();
  }

  private static byte[] status(String status, String... fields) {
    var block = new ByteArrayOutputStream();
    block.writeBytes(literal(":status", status));
    for (int i = 0; i < fields.length; i += 2) {
      block.writeBytes(literal(fields[i], fields[i + 1]));
    }
    return block.toByteArray();
  }

  private static byte[] ok(String... fields) {
    return frame(HEADERS, END_HEADERS, STREAM, status("200", fields));
  }

  private static byte[] repeat(byte[] one, int times) {
    var all = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      all.writeBytes(one);
    }
    return all.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    var all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static Stream<Arguments> lies() {
    byte[] fields = repeat(literal("x-field", "v".repeat(100)), 150);
    byte[] promise = join(ByteBuffer.allocate(4).putInt(2).array(), status("200"));
    return Stream.of(
        Arguments.of(
            "a list of fields beyond the bound",
            join(
                frame(HEADERS, 0, STREAM, join(status("200"), fields)),
                frame(CONTINUATION, 0, STREAM, fields),
                frame(CONTINUATION, END_HEADERS, STREAM, fields))),
        Arguments.of(
            "continuations without end",
            join(
                frame(HEADERS, 0, STREAM, status("200")),
                repeat(frame(CONTINUATION, 0, STREAM, new byte[0]), 10_000))),
        Arguments.of("too many PINGs", repeat(frame(PING, 0, 0, new byte[8]), 2_000)),
        Arguments.of("too many SETTINGS", repeat(frame(SETTINGS, 0, 0, new byte[0]), 2_000)),
        Arguments.of(
            "too much of what nobody knows",
            join(ok(), repeat(frame(UNKNOWN, 0, STREAM, new byte[100]), 2_000))),
        Arguments.of(
            "more body than it says",
            join(ok("content-length", "3"), frame(DATA, END_STREAM, STREAM, new byte[4]))),
        Arguments.of(
            "less body than it says",
            join(ok("content-length", "3"), frame(DATA, END_STREAM, STREAM, new byte[1]))),
        Arguments.of(
            "none of the body that it says",
            join(ok("content-length", "3"), frame(DATA, END_STREAM, STREAM, new byte[0]))),
        Arguments.of(
            "no body at all although it says one",
            frame(
                HEADERS,
                END_HEADERS | END_STREAM,
                STREAM,
                join(status("200"), literal("content-length", "3")))),
        Arguments.of("a push", frame(PUSH_PROMISE, END_HEADERS, STREAM, promise)),
        Arguments.of("a body without a head", frame(DATA, END_STREAM, STREAM, new byte[1])),
        Arguments.of("no status", frame(HEADERS, END_HEADERS, STREAM, literal("x-a", "b"))),
        Arguments.of("a status of letters", frame(HEADERS, END_HEADERS, STREAM, status("2xx"))),
        Arguments.of("101", frame(HEADERS, END_HEADERS, STREAM, status("101"))),
        Arguments.of("a line break in a value", ok("x-a", "b\r\nset-cookie: c")),
        Arguments.of("a field of the connection", ok("connection", "close")),
        Arguments.of("a second head", join(ok(), ok())),
        Arguments.of(
            "a window beyond 2^31",
            frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void isAFaultOfTheUpstream(String what, byte[] lie) {
    try (var server = ScriptedUpstream.start(peer -> play(peer, lie))) {
      AttemptFailure failure = awaitFailure(client.get(h2c(server), client.first()));

      assertThat(failure.kind()).as(what).isEqualTo(Kind.PROTOCOL);
      assertThat(failure.requestSent()).isTrue();
      await().until(() -> server.open() == 0);
    }
  }

  @Test
  void aHugeTableIsNotFilled() {
    byte[] table = ByteBuffer.allocate(6).putShort((short) 1).putInt(1 << 30).array();
    byte[] whole = frame(HEADERS, END_HEADERS | END_STREAM, STREAM, status("204"));
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              peer.readUntil("SM\r\n\r\n");
              write(peer, frame(SETTINGS, 0, 0, table));
              awaitHead(peer);
              write(peer, whole);
              peer.awaitClose();
            })) {
      assertThat(ClientFixture.await(client.get(h2c(server), client.first())).status())
          .isEqualTo(204);
    }
  }

  private static void play(Peer peer, byte[] lie) throws IOException {
    peer.readUntil("SM\r\n\r\n");
    write(peer, join(frame(SETTINGS, 0, 0, new byte[0]), frame(SETTINGS, ACK, 0, new byte[0])));
    awaitHead(peer);
    write(peer, lie);
    peer.awaitClose();
  }

  private static void awaitHead(Peer peer) throws IOException {
    int type = -1;
    while (type != HEADERS) {
      byte[] head = peer.readBody(9).getBytes(StandardCharsets.ISO_8859_1);
      int length = ByteBuffer.wrap(head).getInt() >>> 8;
      type = head[3];
      peer.readBody(length);
    }
  }

  private static void write(Peer peer, byte[] bytes) throws IOException {
    peer.write(new String(bytes, StandardCharsets.ISO_8859_1));
  }

  private static Upstream h2c(ScriptedUpstream server) {
    Upstream plain = Exchanges.upstream(server.endpoint());
    PoolPolicy policy = new PoolPolicy(Duration.ofSeconds(2), 4, LONG, LONG, LONG, Protocol.H2C);
    return new Upstream(
        plain.name(), plain.endpoints(), policy, plain.breaker(), plain.selection());
  }
}
