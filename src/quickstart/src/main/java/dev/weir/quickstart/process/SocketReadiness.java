package dev.weir.quickstart.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Asks one question over a loopback socket and compares the beginning of the answer.
 *
 * <p>Not an HTTP client: loading one would cost the launcher more time than the services take to
 * answer.
 */
public record SocketReadiness(int port, String question, String expected) implements Readiness {
  private static final int TIMEOUT_MILLIS = 1_000;

  /** Ready once {@code GET path} is answered with 200. */
  public static Readiness http(int port, String path) {
    var question = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    return new SocketReadiness(port, question, "HTTP/1.1 200");
  }

  /** Ready once Redis answers a ping. */
  public static Readiness redis(int port) {
    return new SocketReadiness(port, "PING\r\n", "+PONG");
  }

  @Override
  public boolean isReady(long pid) {
    try (var socket = new Socket()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.getOutputStream().write(question.getBytes(ISO_8859_1));
      var answer = socket.getInputStream().readNBytes(expected.length());
      return expected.equals(new String(answer, ISO_8859_1));
    } catch (IOException refused) {
      return false;
    }
  }
}
