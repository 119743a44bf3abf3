package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.RawHttp2;
import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no well-behaved client library would send, byte by byte over TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileClientIT {
  @TempDir private static Path folder;

  private static final String OK =
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nStrict-Transport-Security: max-age=0\r\n"
          + "Alt-Svc: h3=\"evil.example:443\"\r\n\r\nok";

  private ScriptedUpstream upstream;
  private ScriptedUpstream silent;
  private LocalGateway gateway;

  @BeforeAll
  void start() throws IOException, GeneralSecurityException {
    upstream = ScriptedUpstream.answering(OK);
    silent =
        ScriptedUpstream.start(
            peer -> {
              peer.readHead();
              peer.awaitClose();
            });
    gateway =
        LocalGateway.serving(
            """
        version: 1
        upstreams:
          echo: { endpoints: ["http://127.0.0.1:%d"] }
          silent:
            endpoints: ["http://127.0.0.1:%d"]
            breaker: { window: 4, minimum-calls: 2 }
        routes:
          - { id: open, match: { path: /open/** }, upstream: echo, auth: none }
          - id: hosted
            match: { path: /hosted/** }
            upstream: echo
            auth: none
            filters: ["AddResponseHeader=X-Hosted, yes"]
          - id: silent
            match: { path: /silent/** }
            upstream: silent
            auth: none
            attempt-timeout: 200ms
          - id: silent-hosted
            match: { path: /silent-hosted/** }
            upstream: silent
            auth: none
            attempt-timeout: 200ms
            filters: ["AddResponseHeader=X-Hosted, yes"]
        """
                .formatted(upstream.endpoint().port(), silent.endpoint().port()),
            folder,
            "--weir.drain.grace=0s");
  }

  @AfterAll
  void stop() {
    gateway.close();
    upstream.close();
    silent.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: identity\r\nContent-Length: 5\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding:\u000bchunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x5\r\n",
        "Host: other\r\n",
        "X Y: 1\r\n",
        "X: a\u0000b\r\n",
        "X: a\rb\r\n",
        ": empty\r\n"
      })
  void refusesFramingThatOthersReadDifferently(String fields) throws IOException {
    int before = upstream.heads().size();
    String answer =
        exchange(request("POST /open/a", fields) + "0\r\n\r\n" + request("GET /open/smuggled", ""));
    assertThat(answer).startsWith("HTTP/1.1 400 ");
    assertThat(upstream.heads().subList(before, upstream.heads().size()))
        .noneMatch(head -> head.contains("smuggled"));
  }

  @ParameterizedTest
  @CsvSource({"99, 200", "100, 431"})
  void takesAHundredFieldsAndNoMore(int more, int status) throws IOException {
    // Beside Host.
    assertThat(exchange(request("GET /open/a", "a:\r\n".repeat(more))))
        .startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void takesNoVersionThatNobodyDefined() throws IOException {
    assertThat(exchange(request("GET /open/a", "").replace("HTTP/1.1", "HTTP/9.1")))
        .contains(" 400 ");
  }

  @Test
  void takesNoTransferCodingIn10() throws IOException {
    assertThat(
            exchange(
                request("POST /open/a", "Transfer-Encoding: chunked\r\n").replace("1.1", "1.0")))
        .contains(" 400 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/hosted/{a}", "/hosted/[x]|\"<>^`", "/hosted/a?q={[\"^`"})
  void answersWhatJavaTakesForNoUri(String target) throws IOException {
    assertThat(exchange(request("GET " + target, ""))).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void letsNoUpstreamSpeakForTheOrigin() throws IOException {
    assertThat(exchange(request("GET /open/a", "")))
        .startsWith("HTTP/1.1 200 ")
        .contains("max-age=31536000")
        .doesNotContain("max-age=0", "evil.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/silent/a", "/silent-hosted/a"})
  void keepsSlowBodiesFromOpeningTheBreaker(String path) throws IOException {
    for (int i = 0; i < 6; i++) {
      assertThat(exchange(request("POST " + path, "Content-Length: 9\r\n") + "half"))
          .startsWith("HTTP/1.1 408 ")
          .contains("request-timeout");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-a|b\r\nx-weir-subject: root",
        "x-a|b\nx-weir-subject: root",
        "x-a\r\nx-weir-subject: root|b",
        "x-a: b|c",
        "X-Upper|b",
        "transfer-encoding|chunked",
        "connection|close",
        "host|other",
        ":path|/open/twice",
        ":method|GET / HTTP/1.1\r\nx-weir-subject: root",
        ":authority|a\r\nx-weir-subject: root",
        "content-length|7"
      })
  void passesNoPoisonedFieldOfHttp2On(String field) throws IOException {
    int before = upstream.heads().size();
    try (SSLSocket socket = connect("h2")) {
      String[] parts = field.split("\\|", 2);
      var block = new ByteArrayOutputStream();
      block.writeBytes(RawHttp2.literal(":method", "GET"));
      block.writeBytes(RawHttp2.literal(":scheme", "https"));
      block.writeBytes(RawHttp2.literal(":path", "/open/poisoned"));
      if (!parts[0].equals(":authority")) {
        block.writeBytes(RawHttp2.literal(":authority", "localhost"));
      }
      block.writeBytes(RawHttp2.literal(parts[0], parts[1]));
      socket.getOutputStream().write(RawHttp2.preface(65_535));
      socket.getOutputStream().write(RawHttp2.frame(1, 5, 1, block.toByteArray()));
      socket.getOutputStream().flush();
      awaitEndOfStreamOne(new DataInputStream(socket.getInputStream()));
    }
    assertThat(upstream.heads().subList(before, upstream.heads().size()))
        .noneMatch(head -> head.contains("poisoned") || head.contains("root"));
  }

  /** Reads until stream 1 is reset or answered, or the connection is given up. */
  private static void awaitEndOfStreamOne(DataInputStream in) throws IOException {
    try {
      while (true) {
        RawHttp2.Frame frame = RawHttp2.read(in);
        boolean ended = frame.type() == RawHttp2.RST_STREAM || (frame.flags() & 1) != 0;
        if (frame.type() == RawHttp2.GOAWAY || (frame.stream() == 1 && ended)) {
          return;
        }
      }
    } catch (EOFException closed) {
      // Given up.
    }
  }

  private static String request(String line, String fields) {
    return line + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
  }

  private String exchange(String request) throws IOException {
    try (SSLSocket socket = connect("http/1.1")) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      var answer = new StringBuilder();
      try {
        int read = socket.getInputStream().read();
        socket.setSoTimeout(300);
        while (read >= 0) {
          answer.append((char) read);
          read = socket.getInputStream().read();
        }
      } catch (SocketTimeoutException e) {
        // The gateway keeps the connection; what has come is the answer.
      }
      return answer.toString();
    }
  }

  private SSLSocket connect(String protocol) throws IOException {
    SSLSocket socket = (SSLSocket) gateway.connect();
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(5_000);
    socket.startHandshake();
    return socket;
  }
}
