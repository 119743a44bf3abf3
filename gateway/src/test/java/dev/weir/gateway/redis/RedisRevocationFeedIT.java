package dev.weir.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.jwt.RevocationSet;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisRevocationFeedIT {
  private static final String STREAM = "a:local:rev:stream";
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RevocationSet revocations = new RevocationSet(InstantSource.system(), meters);
  private RedisServers server;
  private RedisClient client;

  @BeforeEach
  void start() throws Exception {
    server = new RedisServers();
    server.start();
    client = RedisClient.create(server.uri());
  }

  @AfterEach
  void stop() throws Exception {
    client.shutdown();
    server.close();
  }

  private RedisLink dial() {
    return new RedisLink(
        RedisSettings.standalone(server.uri(), Duration.ofMillis(500)),
        "a:local:",
        revocations,
        meters);
  }

  private RedisLink follow() {
    RedisLink link = dial();
    await().until(link::revocationsFollowed);
    return link;
  }

  private static String revoke(RedisCommands<String, String> redis, String kind, String id) {
    return redis.xadd(STREAM, entry(kind, id));
  }

  private static Map<String, String> entry(String kind, String id) {
    long moot = Instant.now().getEpochSecond() + 360;
    return Map.of(
        "kind", kind, "id", id, "value", "4", "exp", Long.toString(moot), "reason", "logout");
  }

  private boolean isRevoked(String session) {
    return revocations.isRevoked(session, "t", "u", 9);
  }

  @Test
  void readsTheWholeStreamAtTheStartInPages() {
    RedisCommands<String, String> redis = client.connect().sync();
    for (int i = 0; i < 2500; i++) {
      revoke(redis, "sid", "session-" + i);
    }
    revoke(redis, "jti", "token-1");
    revoke(redis, "ue", "user-1");
    redis.xadd(STREAM, Map.of("kind", "sid", "id", "moot", "exp", "1000"));
    redis.xadd(STREAM, Map.of("kind", "nonsense"));

    try (RedisLink link = follow()) {

      assertThat(link.revocationsRead()).isTrue();
      assertThat(revocations.held()).isEqualTo(2502);
      assertThat(isRevoked("session-0")).isTrue();
      assertThat(isRevoked("session-2499")).isTrue();
      assertThat(isRevoked("moot")).isFalse();
      assertThat(revocations.isRevoked("s", "token-1", "u", 9)).isTrue();
      assertThat(revocations.isRevoked("s", "t", "user-1", 3)).isTrue();
      assertThat(revocations.isRevoked("s", "t", "user-1", 4)).isFalse();
      assertThat(meters.get("weir.revocation.feed.up").gauge().value()).isEqualTo(1);
    }
  }

  @Test
  void hearsOfALogoutAtOnce() {
    try (RedisLink link = follow()) {
      assertThat(link.revocationsRead()).isTrue();
      RedisCommands<String, String> redis = client.connect().sync();
      for (int i = 0; i < 20; i++) {
        String session = "live-" + i;
        revoke(redis, "sid", session);
        await()
            .pollInterval(Duration.ofMillis(2))
            .atMost(Duration.ofMillis(250))
            .until(() -> isRevoked(session));
      }
    }
  }

  @Test
  void readsAgainAfterAReconnectAndKeepsWhatItHeld() throws Exception {
    try (RedisLink link = follow()) {
      RedisCommands<String, String> redis = client.connect().sync();
      revoke(redis, "sid", "before");
      await().until(() -> isRevoked("before"));

      server.stop();
      await().until(() -> !link.revocationsFollowed());
      assertThat(meters.get("weir.revocation.feed.up").gauge().value()).isZero();
      assertThat(isRevoked("before")).isTrue();

      // It comes back empty, and the auth service publishes before the gateway is there again.
      server.restart();
      RedisClient another = RedisClient.create(server.uri());
      try {
        revoke(another.connect().sync(), "sid", "meanwhile");
      } finally {
        another.shutdown();
      }
      await().atMost(Duration.ofSeconds(5)).until(() -> isRevoked("meanwhile"));
      assertThat(isRevoked("before")).isTrue();
      await().until(link::revocationsFollowed);
    }
  }

  @Test
  void readsAgainWhenTheNewestIdWentBackwardsOnALiveConnection() {
    try (RedisLink link = follow()) {
      assertThat(link.revocationsRead()).isTrue();
      RedisCommands<String, String> redis = client.connect().sync();
      long future = System.currentTimeMillis() + 3_600_000;
      redis.xadd(STREAM, new XAddArgs().id(future + "-5"), entry("sid", "old"));
      await().until(() -> isRevoked("old"));

      redis.flushall();
      revoke(redis, "sid", "again");

      await().atMost(Duration.ofSeconds(5)).until(() -> isRevoked("again"));
      assertThat(isRevoked("old")).isTrue();
    }
  }

  @Test
  void aKeyOfTheWrongTypeIsALostFeedNotALoop() {
    client.connect().sync().set(STREAM, "x");
    try (RedisLink link = dial()) {
      RedisCommands<String, String> redis = client.connect().sync();
      await().until(() -> redis.info("commandstats").contains("cmdstat_xrange"));
      assertThat(link.revocationsRead()).isFalse();
      redis.del(STREAM);
      await().atMost(Duration.ofSeconds(5)).until(link::revocationsFollowed);
    }
  }
}
