package dev.weir.auth.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.testing.TestSystem;
import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ClientKillParams;

/** A password of Redis that is turned over. */
class RotatedLoginIT {
  private static final String USER = "rotated";
  private static final long NONE = -1;

  private final int port = TestSystem.shared().redis().port();
  private final Jedis administrator = new Jedis("127.0.0.1", port);

  @BeforeEach
  void makeUser() {
    administrator.aclSetUser(USER, "reset", "on", ">one", "~*", "+@all");
  }

  @AfterEach
  void dropUser() {
    administrator.aclDelUser(USER);
    administrator.close();
  }

  @Test
  void comesWithTheNewPasswordWhenTheConnectionIsLost() {
    var password = new AtomicReference<>("one");
    var uri = RedisURI.create("127.0.0.1", port);
    uri.setCredentialsProvider(new RedisLogin(USER, password::get));
    try (var link =
        new RedisLink(uri, System::nanoTime, new AuthMetrics(new SimpleMeterRegistry()))) {
      link.open(Mono.empty());
      var first = awaitConnectionOtherThan(link, NONE);
      administrator.aclSetUser(USER, "resetpass", ">two");
      password.set("two");
      administrator.clientKill(new ClientKillParams().user(USER));
      assertThat(awaitConnectionOtherThan(link, first)).isGreaterThan(first);
    }
  }

  /** Redis numbers its connections; one that could not log in does not tell its number. */
  private static long awaitConnectionOtherThan(RedisLink link, long before) {
    return await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> connection(link), id -> id != NONE && id != before);
  }

  private static long connection(RedisLink link) {
    return link.call(commands -> commands.clientId().flux())
        .onErrorResume(_ -> Mono.empty())
        .next()
        .blockOptional(Duration.ofSeconds(10))
        .orElse(NONE);
  }
}
