package dev.weir.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.exchange.EndpointNews;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.fixture.ScriptedUpstream;
import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.HealthCheck;
import dev.weir.gateway.route.Selection;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endpoints over real sockets, and what the checks find out about them. */
@ExtendWith(LeakCheck.class)
final class HealthCheckIT {
  private static final HealthCheck OFTEN =
      new HealthCheck("/up?deep=1", Duration.ofMillis(500), Duration.ofMillis(500), 2, 2);

  private final ClientFixture client = new ClientFixture();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Map<Endpoint, Boolean> verdicts = new ConcurrentHashMap<>();
  private final Upkeep upkeep =
      new Upkeep(
          client.first(),
          client.client(),
          new EndpointNews() {
            @Override
            public void noteHealth(String upstream, Endpoint endpoint, boolean healthy) {
              verdicts.put(endpoint, healthy);
            }

            @Override
            public void noteEndpoints(Upstream upstream, List<Endpoint> endpoints) {}
          },
          registry,
          new Upkeep.Settings(
              new Names(client.first(), builder -> builder),
              NameFollower.Bounds.STANDARD,
              bound -> 0));

  @AfterEach
  void stop() {
    upkeep.follow(Set.of());
    client.close();
  }

  private static Upstream checked(Endpoint... endpoints) {
    Upstream plain = Exchanges.upstream(endpoints);
    return new Upstream(
        plain.name(),
        List.of(endpoints),
        plain.pool(),
        plain.breaker(),
        new Selection(Balance.STANDARD, Optional.of(OFTEN)));
  }

  private double found(String outcome) {
    return registry.get("weir.health.checks").tag("outcome", outcome).counter().count();
  }

  @Test
  void asksOnAConnectionOfItsOwnForThePath() {
    try (var server = ScriptedUpstream.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
      upkeep.follow(Set.of(checked(server.endpoint())));
      await().until(() -> server.heads().size() >= 2);

      assertThat(server.heads().getFirst())
          .startsWith("GET /up?deep=1 HTTP/1.1\r\n")
          .contains("host: " + server.endpoint().authority())
          .contains("connection: close");
      assertThat(server.accepted()).isGreaterThanOrEqualTo(2);
      await().until(() -> found("ok") >= 2);
      await().until(() -> verdicts.getOrDefault(server.endpoint(), false));
    }
  }

  @ParameterizedTest
  @CsvSource({"500, false", "404, false", "301, false", "200, true"})
  void takesOnlySuccessForHealth(int status, boolean healthy) {
    String answer = "HTTP/1.1 " + status + " Said So\r\nContent-Length: 0\r\n\r\n";
    try (var server = ScriptedUpstream.answering(answer)) {
      upkeep.follow(Set.of(checked(server.endpoint())));
      await().until(() -> found(healthy ? "ok" : "status") >= 3);

      await().until(() -> verdicts.getOrDefault(server.endpoint(), !healthy) == healthy);
    }
  }

  @Test
  void followsAnEndpointThatFallsAndComesBack() {
    var answer = new AtomicReference<>("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    try (var server =
        ScriptedUpstream.start(
            peer -> {
              while (peer.readHead()) {
                peer.write(answer.get());
              }
            })) {
      String well = answer.get();
      upkeep.follow(Set.of(checked(server.endpoint())));
      await().until(() -> verdicts.getOrDefault(server.endpoint(), false));
      answer.set("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
      await().until(() -> !verdicts.getOrDefault(server.endpoint(), true));
      answer.set(well);
      await().until(() -> verdicts.getOrDefault(server.endpoint(), false));
    }
  }

  @Test
  void silenceIsATimeout() {
    try (var server = ScriptedUpstream.start(ScriptedUpstream.Peer::awaitClose)) {
      upkeep.follow(Set.of(checked(server.endpoint())));
      await().until(() -> found("timeout") >= 2);
      await().until(() -> !verdicts.getOrDefault(server.endpoint(), true));
    }
  }

  @Test
  void nobodyThereIsUnreachable() {
    Endpoint gone;
    try (var server = ScriptedUpstream.answering("")) {
      gone = server.endpoint();
    }
    upkeep.follow(Set.of(checked(gone)));
    await().until(() -> found("unreachable") >= 2);
    await().until(() -> !verdicts.getOrDefault(gone, true));
  }

  @Test
  void stopsWithTheUpstream() {
    try (var server = ScriptedUpstream.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
      upkeep.follow(Set.of(checked(server.endpoint())));
      await().until(() -> found("ok") >= 1);
      upkeep.follow(Set.of());

      await().until(() -> registry.find("weir.health.checks").counter() == null);
      await().until(() -> server.open() == 0);
    }
  }
}
