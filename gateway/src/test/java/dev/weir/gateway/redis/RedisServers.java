package dev.weir.gateway.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** A real Redis on a free port, which can be killed and started again on it. */
public final class RedisServers implements AutoCloseable {
  private final int port;
  private RedisServer server;

  /** Chooses the port. */
  public RedisServers() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = probe.getLocalPort();
    }
    this.server = build();
  }

  private RedisServer build() throws IOException {
    return RedisServer.newRedisServer()
        .port(port)
        .bind("127.0.0.1")
        .setting("save \"\"")
        .setting("appendonly no")
        .build();
  }

  /** Returns where it is. */
  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /** Starts it, empty. */
  public void start() throws IOException {
    server.start();
  }

  void stop() throws IOException {
    server.stop();
  }

  void restart() throws IOException {
    server = build();
    server.start();
  }

  @Override
  public void close() throws IOException {
    server.stop();
  }
}
