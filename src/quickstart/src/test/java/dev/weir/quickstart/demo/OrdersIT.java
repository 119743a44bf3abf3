package dev.weir.quickstart.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.quickstart.process.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.DisposableServer;

/** Both instances of the orders service on real sockets. */
@NullMarked
class OrdersIT {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final int portA = FreePort.find();
  private final int portB = FreePort.find();
  private final DisposableServer a = serve("a", portA, portB);
  private final DisposableServer b = serve("b", portB, portA);

  OrdersIT() throws IOException {}

  @AfterEach
  void stop() {
    a.disposeNow();
    b.disposeNow();
    client.close();
  }

  @Test
  void showsAnOrderOnTheInstanceThatDidNotTakeIt() throws Exception {
    var placed = post(portA, "ada", "{\"item\":\"a boat\",\"quantity\":2}");
    assertThat(placed.statusCode()).isEqualTo(201);
    assertThat(placed.headers().firstValue("X-Instance")).contains("a");
    var location = placed.headers().firstValue("Location").orElseThrow();
    assertThat(get(portB, "ada", location).body()).isEqualTo(placed.body());
    assertThat(get(portB, "ada", "/api/orders").body())
        .isEqualTo("{\"orders\":[" + placed.body() + "]}");
  }

  @Test
  void hidesTheOrdersOfOthers() throws Exception {
    var placed = post(portA, "ada", "{\"item\":\"a boat\"}");
    var location = placed.headers().firstValue("Location").orElseThrow();
    assertThat(get(portA, "bob", location).statusCode()).isEqualTo(404);
    assertThat(get(portA, "bob", "/api/orders").body()).isEqualTo("{\"orders\":[]}");
    assertThat(get(portA, "bob", "/api/orders/admin/all").body()).contains(placed.body());
  }

  @Test
  void learnsWhatItMissedWhenItStarts() throws Exception {
    b.disposeNow();
    var placed = post(portA, "ada", "{\"item\":\"a boat\"}");
    var restarted = new Orders("b", new OrderBook(), new Peer(portA));
    restarted.catchUp().block();
    var server = new DemoServer(restarted, log::add).bind(portB);
    assertThat(get(portB, "ada", "/api/orders").body()).contains(placed.body());
    server.disposeNow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"item\":\"x\"",
        "{\"item\":7}",
        "{\"item\":\"\"}",
        "{\"item\":\"x\",\"quantity\":0}",
        "{\"item\":\"x\",\"quantity\":99999999999}",
        "{\"item\":\"x\",\"price\":1}"
      })
  void refusesWhatIsNoOrder(String body) throws Exception {
    var refused = post(portA, "ada", body);
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
  }

  @Test
  void refusesABodyBeyondItsLimit() throws Exception {
    assertThat(post(portA, "ada", "x".repeat(16 * 1024 + 1)).statusCode()).isEqualTo(413);
  }

  @Test
  void servesNobodyWithoutAName() throws Exception {
    assertThat(get(portA, "", "/api/orders").statusCode()).isEqualTo(401);
  }

  @Test
  void logsTheRequestIdOfTheEdge() throws Exception {
    get(portA, "ada", "/api/orders");
    assertThat(log)
        .anyMatch(
            line -> line.contains("\"request_id\":\"r-1\"") && line.contains("\"status\":200"));
  }

  private DisposableServer serve(String instance, int port, int peer) {
    return new DemoServer(new Orders(instance, new OrderBook(), new Peer(peer)), log::add)
        .bind(port);
  }

  private HttpResponse<String> post(int port, String subject, String body) throws Exception {
    return send(request(port, subject, "/api/orders").POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(int port, String subject, String path) throws Exception {
    return send(request(port, subject, path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(int port, String subject, String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("X-Request-Id", "r-1");
    return subject.isEmpty() ? request : request.header("X-Weir-Subject", subject);
  }
}
