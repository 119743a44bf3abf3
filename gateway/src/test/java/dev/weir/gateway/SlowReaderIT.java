package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.fixture.RawHttp2;
import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that ask and do not read: what they hold of the gateway has an end. */
class SlowReaderIT {
  private static final int WINDOW = 40_000;

  @TempDir private Path folder;

  private ScriptedUpstream upstream;
  private LocalGateway gateway;

  @BeforeEach
  void start() throws IOException {
    upstream = ScriptedUpstream.start(this::play);
    gateway =
        LocalGateway.before(
            upstream.endpoint().port(),
            folder,
            "--weir.drain.grace=0s",
            "--weir.edge.idle-timeout=1s");
  }

  private void play(ScriptedUpstream.Peer peer) throws IOException {
    while (peer.readHead()) {
      String head = upstream.heads().getLast();
      if (head.contains(" /short ")) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nshort");
      } else if (head.contains(" /half ")) {
        peer.write("HTTP/1.1 200 OK\r\nContent-Length: 30000\r\n\r\n" + "x".repeat(30_000));
      } else {
        peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while (true) {
          peer.write("4000\r\n" + "x".repeat(0x4000) + "\r\n");
        }
      }
    }
  }

  @AfterEach
  void stop() {
    gateway.close();
    upstream.close();
  }

  /** A short answer waits whole in the stream, a long one has its upstream wait as well. */
  @ParameterizedTest
  @ValueSource(strings = {"/short", "/endless"})
  void resetsAStreamThatOpensNoWindowAndLeavesTheOthers(String path) throws IOException {
    try (Socket socket = http2(0)) {
      OutputStream out = socket.getOutputStream();
      out.write(RawHttp2.get(1, path));
      out.flush();
      var in = new DataInputStream(socket.getInputStream());
      assertThat(endOf(in, 1)).isEqualTo(RawHttp2.RST_STREAM);

      assertThat(gateway.series("weir_inflight_requests")).isZero();
      assertThat(gateway.series("weir_answers_unread_total")).isEqualTo(1);
      out.write(RawHttp2.get(3, "/short"));
      out.write(RawHttp2.windowUpdate(3, WINDOW));
      out.flush();
      assertThat(endOf(in, 3)).isEqualTo(RawHttp2.DATA);
    }
  }

  @Test
  void closesAConnectionWhoseClientReadsNothing() throws IOException {
    try (Socket socket = gateway.connect()) {
      socket
          .getOutputStream()
          .write(
              "GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      await().until(() -> gateway.series("weir_answers_unread_total") == 1);
      await().until(() -> gateway.series("weir_connections_open") == 0);
    }
    assertThat(gateway.series("weir_inflight_requests")).isZero();
  }

  /** Each answer is short, and nobody waits for one to leave before the next is made. */
  @Test
  void closesAConnectionWhoseClientAsksOnAndReadsNothing() throws IOException {
    byte[] ask =
        "GET /half HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (Socket socket = gateway.connect()) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100_000; i++) {
                  socket.getOutputStream().write(ask);
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(gateway.series("weir_connections_closed_total{reason=\"pipelined\"}")).isEqualTo(1);
  }

  private Socket http2(int window) throws IOException {
    SSLSocket socket = (SSLSocket) gateway.connect();
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.getOutputStream().write(RawHttp2.preface(window));
    return socket;
  }

  /** Returns the type of the frame that ended a stream. */
  private static int endOf(DataInputStream in, int stream) throws IOException {
    while (true) {
      RawHttp2.Frame frame = RawHttp2.read(in);
      if (frame.stream() == stream && ends(frame)) {
        return frame.type();
      }
    }
  }

  private static boolean ends(RawHttp2.Frame frame) {
    return frame.type() == RawHttp2.RST_STREAM
        || (frame.type() == RawHttp2.DATA && (frame.flags() & 1) != 0);
  }
}
