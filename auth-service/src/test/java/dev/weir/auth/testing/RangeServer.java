package dev.weir.auth.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A service of password ranges that knows what a test tells it, and remembers what it was asked.
 */
public final class RangeServer implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, String> ranges = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private volatile int status = 200;

  private RangeServer(HttpServer server) {
    this.server = server;
  }

  public static RangeServer start() {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      var ranges = new RangeServer(HttpServer.create(address, 16));
      ranges.server.createContext("/range/", ranges::answer);
      ranges.server.start();
      return ranges;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/range/");
  }

  /** Makes this the whole answer for a prefix of five digits. */
  public void put(String prefix, String range) {
    ranges.put(prefix, range);
  }

  public void answerWith(int code) {
    this.status = code;
  }

  /** Returns paths and the header that asks for padding, in the order in which they came. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    requests.add(path + " " + exchange.getRequestHeaders().getFirst("Add-Padding"));
    var range = ranges.getOrDefault(path.substring("/range/".length()), "");
    var body = range.getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (exchange) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
