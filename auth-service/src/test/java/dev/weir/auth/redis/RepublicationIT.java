package dev.weir.auth.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.session.Revocation;
import dev.weir.auth.testing.TestSystem.RedisProcess;
import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import redis.clients.jedis.Jedis;

/** Tells again what was published shortly before a Redis forgot it. */
class RepublicationIT {
  private static final String STREAM = "t:rev:stream";

  private final AtomicInteger failures = new AtomicInteger();
  private RedisProcess redis;

  @BeforeEach
  void start() throws IOException {
    redis = RedisProcess.start();
  }

  @AfterEach
  void stop() throws IOException {
    redis.kill();
  }

  @Test
  void goesOnUntilARedisTakesWritesAndBeginsAnewWhereItCameBackEmpty() throws IOException {
    var uri = RedisURI.create("127.0.0.1", redis.port());
    try (var link =
        new RedisLink(uri, System::nanoTime, new AuthMetrics(new SimpleMeterRegistry()))) {
      mayWrite(false);
      link.open(published(link));
      patiently().until(() -> failures.get() > 0);
      assertThat(published()).isZero();
      mayWrite(true);
      patiently().untilAsserted(() -> assertThat(published()).isPositive());

      redis.kill();
      redis.restart();
      patiently().untilAsserted(() -> assertThat(published()).isPositive());
    }
  }

  private static ConditionFactory patiently() {
    return await().atMost(Duration.ofSeconds(30));
  }

  private Mono<Void> published(RedisLink link) {
    var feed = new RedisRevocationFeed(link, "t:");
    var expires = Instant.now().plus(Revocation.LIFE).getEpochSecond();
    var revocation = new Revocation(Revocation.Kind.SID, UUID.randomUUID(), "", expires, "logout");
    return Mono.defer(() -> feed.publish(revocation)).doOnError(_ -> failures.incrementAndGet());
  }

  /** A server that wants replicas and has none takes connections, and refuses every write. */
  private void mayWrite(boolean may) {
    try (var administrator = new Jedis("127.0.0.1", redis.port())) {
      administrator.configSet("min-replicas-to-write", may ? "0" : "1");
    }
  }

  private long published() {
    try (var administrator = new Jedis("127.0.0.1", redis.port())) {
      return administrator.xlen(STREAM);
    }
  }
}
