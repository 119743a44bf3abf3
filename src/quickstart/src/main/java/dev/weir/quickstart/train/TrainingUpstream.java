package dev.weir.quickstart.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** What the gateway in training forwards to: a key set, and a kilobyte for every other path. */
record TrainingUpstream(HttpServer server) implements AutoCloseable {
  private static final byte[] PAGE = "x".repeat(1024).getBytes(UTF_8);

  static TrainingUpstream start(TrainingIssuer issuer) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
    var keys = issuer.keySet().getBytes(UTF_8);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/keys", exchange -> answer(exchange, keys));
    server.createContext("/", exchange -> answer(exchange, PAGE));
    server.start();
    return new TrainingUpstream(server);
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
