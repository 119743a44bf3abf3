package dev.weir.quickstart.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Asks the kernel for ports that nobody listens on. */
public final class FreePort {
  private FreePort() {}

  public static int find() throws IOException {
    return find(1).getFirst();
  }

  /** All are held at once before any is let go, so that they differ. */
  public static List<Integer> find(int count) throws IOException {
    var sockets = new ArrayList<ServerSocket>(count);
    try {
      while (sockets.size() < count) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }
}
