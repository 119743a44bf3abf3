package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A kept-alive connection goes on being read. A request that had to wait for the answer before it,
 * and is then refused within the call that takes it up, left nobody to read the next one in
 * reactor-netty 1.3.7 (reactor-netty#4361).
 */
class KeepAliveIT {
  private final TestSystem system = TestSystem.shared();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 16})
  void answersTheRequestAfterPipelinedRefusals(int pipelined) throws IOException {
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), system.client().base().getPort())) {
      socket.setSoTimeout(10_000);
      var answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      var refused = "GET /sessions HTTP/1.1\r\nHost: localhost\r\n\r\n";
      send(socket, granted() + refused.repeat(pipelined));
      assertThat(statusOfNext(answers)).isEqualTo(200);
      for (int i = 0; i < pipelined; i++) {
        assertThat(statusOfNext(answers)).isEqualTo(401);
      }
      send(socket, "GET /.well-known/jwks.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(statusOfNext(answers)).isEqualTo(200);
    }
  }

  /** A request whose answer takes a look into Postgres. */
  private String granted() {
    var token = Person.registered(system.client()).login().text("access_token");
    return "GET /sessions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n"
        .formatted(token);
  }

  private static void send(Socket socket, String requests) throws IOException {
    socket.getOutputStream().write(requests.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Reads one answer off the connection, head and body, and returns its status. */
  private static int statusOfNext(BufferedReader answers) throws IOException {
    var line = line(answers);
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
    var line = answers.readLine();
    return line == null ? "" : line;
  }
}
