package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.testing.LeakCheck;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.Race;
import dev.weir.auth.testing.Signals;
import dev.weir.auth.testing.TestSystem;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Takes Redis and Postgres away while people are using the service. */
@ExtendWith(LeakCheck.class)
class OutageIT {
  /** Each run waits for what is broken, for seconds. */
  private static final int DEAR = 10;

  private final TestSystem system = TestSystem.shared();

  @Test
  @Tag("R15")
  void servesWithoutRedisAndTellsTheGatewaysEverythingWhenItIsBack() {
    Race.of("R15", "Redis is killed and comes back empty", 1)
        .atMost(DEAR)
        .run(
            outcomes -> {
              loseRedis();
              outcomes.add("served meanwhile, every end told afterwards");
            });
  }

  private void loseRedis() throws IOException {
    var person = Person.registered(system.client());
    var login = person.login();
    var before = person.login();
    assertThat(person.client().bearer(before.text("access_token")).post("/logout").status())
        .isEqualTo(204);
    system.redis().kill();
    try {
      var out = person.client().bearer(login.text("access_token")).post("/logout");
      assertThat(out.status()).isEqualTo(204);
      var stranger = Person.stranger(system.client());
      var dozen = Stream.generate(() -> stranger.login("guess guess guess")).limit(12).toList();
      assertThat(dozen.subList(0, 10)).allMatch(answer -> answer.status() == 401);
      assertThat(dozen.subList(10, 12)).allMatch(answer -> answer.status() == 429);
      assertThat(meters()).contains("weir_auth_redis_up 0.0", "weir_auth_throttle_fallback_total");
    } finally {
      system.redis().restart();
    }
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () ->
                assertThat(system.redis().streamText())
                    .contains(login.text("session_id"), before.text("session_id")));
    await().untilAsserted(() -> assertThat(meters()).contains("weir_auth_redis_up 1.0"));
  }

  /** A Postgres that hangs costs a bounded wait, and no restart afterwards. */
  @Test
  @Tag("R16")
  void answers503WhilePostgresHangsAndRecoversByItself() {
    Race.of("R16", "Postgres hangs", 1)
        .atMost(DEAR)
        .run(
            outcomes -> {
              hangPostgres();
              outcomes.add("503 meanwhile, 200 afterwards");
            });
  }

  private void hangPostgres() throws Exception {
    var person = Person.registered(system.client());
    var login = person.login();
    var caller = person.client().bearer(login.text("access_token"));
    var pids = system.postgresPids();
    Signals.pause(pids);
    try {
      var started = System.nanoTime();
      var answer = caller.get("/sessions");
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.code()).isEqualTo("database-unavailable");
      assertThat(answer.header("Retry-After")).isEqualTo("2");
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
      assertThat(person.login().status()).isEqualTo(503);
      assertThat(system.management().get("/livez").status()).isEqualTo(200);
    } finally {
      Signals.resume(pids);
    }
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() -> assertThat(caller.get("/sessions").status()).isEqualTo(200));
    assertThat(person.login().status()).isEqualTo(200);
  }

  /** Connections that die under the service are replaced. */
  @Test
  @Tag("R16")
  void recoversWhenPostgresDropsEveryConnection() {
    Race.of("R16", "Postgres drops every connection", 1)
        .atMost(5 * DEAR)
        .run(
            outcomes -> {
              var person = Person.registered(system.client());
              var caller = person.client().bearer(person.login().text("access_token"));
              system.dropConnections();
              await()
                  .atMost(Duration.ofSeconds(10))
                  .untilAsserted(() -> assertThat(caller.get("/sessions").status()).isEqualTo(200));
              outcomes.add("200 afterwards");
            });
  }

  private String meters() {
    return system.management().get("/metrics").response().body();
  }
}
