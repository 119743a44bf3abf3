package dev.weir.bench.process;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** One inline command to a Redis on loopback, and its one answer as text. */
final class RedisTalk {
  private static final int TIMEOUT_MILLIS = 2_000;

  private RedisTalk() {}

  /** Returns the answer; an error of the server is an exception as well. */
  static String ask(int port, String command) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write((command + "\r\n").getBytes(US_ASCII));
      var in = new BufferedInputStream(socket.getInputStream());
      int kind = in.read();
      var line = line(in);
      return switch (kind) {
        case '+', ':' -> line;
        case '$' -> new String(in.readNBytes(Integer.parseInt(line)), US_ASCII);
        default -> throw new IOException("Redis answered " + line + " to " + head(command));
      };
    }
  }

  private static String line(BufferedInputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static String head(String command) {
    return command.substring(0, Math.min(command.length(), 40));
  }
}
