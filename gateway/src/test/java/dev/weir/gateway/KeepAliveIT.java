package dev.weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.ScriptedUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A kept-alive connection goes on being read. A request that had to wait for the answer before it,
 * and is then refused within the call that takes it up, left nobody to read the next one in
 * reactor-netty 1.3.7 (reactor-netty#4361).
 */
class KeepAliveIT {
  private static final String OPEN = "GET /open HTTP/1.1\r\nHost: localhost\r\n\r\n";

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void answersTheRequestAfterPipelinedRefusals(int pipelined) throws IOException {
    try (var upstream = ScriptedUpstream.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        var gateway = LocalGateway.serving(routes(upstream), folder, "--weir.drain.grace=0s");
        var socket = gateway.connect()) {
      var answers = reader(socket);
      String refused = "GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n";
      send(socket, OPEN + refused.repeat(pipelined));
      assertThat(statusOfNext(answers)).isEqualTo(200);
      for (int i = 0; i < pipelined; i++) {
        assertThat(statusOfNext(answers)).isEqualTo(404);
      }
      send(socket, OPEN);
      assertThat(statusOfNext(answers)).isEqualTo(200);
    }
  }

  private static String routes(ScriptedUpstream upstream) {
    return """
        version: 1
        upstreams:
          only: { endpoints: ["http://127.0.0.1:%d"] }
        routes:
          - { id: open, match: { path: /open }, upstream: only, auth: none }
        """
        .formatted(upstream.endpoint().port());
  }

  private static BufferedReader reader(Socket socket) throws IOException {
    return new BufferedReader(
        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
  }

  private static void send(Socket socket, String requests) throws IOException {
    socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Reads one answer off the connection, head and body, and returns its status. */
  private static int statusOfNext(BufferedReader answers) throws IOException {
    String line = line(answers);
    int status = Integer.parseInt(line.split(" ", 3)[1]);
    int length = 0;
    while (!line.isEmpty()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
      line = line(answers);
    }
    for (int i = 0; i < length; i++) {
      assertThat(answers.read()).isNotNegative();
    }
    return status;
  }

  private static String line(BufferedReader answers) throws IOException {
    String line = answers.readLine();
    return line == null ? "" : line;
  }
}
