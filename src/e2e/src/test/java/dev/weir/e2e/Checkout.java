package dev.weir.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/** The files of the build under test, and ports nobody uses. */
final class Checkout {
  static final Path ROOT = Path.of("").toAbsolutePath().resolve("../..").normalize();
  static final Path QUICKSTART = ROOT.resolve("src/quickstart/target/quickstart.jar");
  static final Path GATEWAY = ROOT.resolve("gateway/target/gateway.jar");

  private Checkout() {}

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** All are held at once before any is let go, so that they differ. */
  static List<Integer> freePorts(int count) {
    var sockets = new HashSet<ServerSocket>();
    try {
      while (sockets.size() < count) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      var ports = sockets.stream().map(ServerSocket::getLocalPort).toList();
      for (var socket : sockets) {
        socket.close();
      }
      return ports;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
