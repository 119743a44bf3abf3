package dev.weir.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weir.gateway.TestCertificate;
import dev.weir.gateway.route.Limit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A real Redis that speaks TLS only and lets in one user, who may do what a gateway needs. */
class RedisLoginIT {
  private static final String USER =
      "user weir on >hush ~weir:{tb}:* ~weir:dpop:* ~a:local:rev:stream -@all +set +eval +evalsha +time +hgetall"
          + " +hset +hdel +pexpire +xrange +xrevrange +xread";

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("ROOT");
  @TempDir private Path folder;
  private RedisProcess server;
  private TestCertificate certificate;

  @BeforeEach
  void start() throws Exception {
    certificate = TestCertificate.in(folder);
    int port = RedisProcess.freePort();
    server =
        RedisProcess.start(
            folder,
            port,
            "",
            List.of(
                "port 0",
                "tls-port " + port,
                "tls-cert-file " + certificate.chain(),
                "tls-key-file " + certificate.privateKey(),
                "tls-auth-clients no",
                "save \"\"",
                "user default off",
                USER));
    await().until(() -> server.accepts() || !server.isAlive());
    assumeTrue(server.isAlive(), "this redis-server was built without TLS");
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
    server.close();
  }

  private TestGateway gateway(String password, Path authority) {
    return new TestGateway(
        new RedisSettings(
            RedisSettings.Mode.STANDALONE,
            List.of("rediss://127.0.0.1:" + server.port()),
            Optional.empty(),
            new RedisSettings.Login("weir", () -> password),
            Optional.of(authority),
            Duration.ofSeconds(1)),
        1);
  }

  private static Limit limit() {
    return TestGateway.limit("login", 1, 1, Limit.OnRedisLoss.CLOSED);
  }

  @Test
  void drawsAndFollowsTheRevocationsAndNotesProofsOverTlsAsTheUser() throws Exception {
    try (TestGateway gateway = gateway("hush", certificate.chain())) {
      await().atMost(Duration.ofSeconds(10)).until(gateway::answers);
      await().atMost(Duration.ofSeconds(10)).until(gateway.link::revocationsFollowed);
      await().atMost(Duration.ofSeconds(10)).until(gateway.stage::storeIsUp);
      assertThat(gateway.decide(limit())).isEmpty();
      assertThat(TestGateway.first(gateway, "proof")).isTrue();
      assertThat(TestGateway.first(gateway, "proof")).isFalse();
    }
  }

  @Test
  void aWrongPasswordIsNamedAndNotShown() {
    try (TestGateway gateway = gateway("not-the-password", certificate.chain())) {
      await().atMost(Duration.ofSeconds(10)).until(() -> gateway.whyNot().contains("WRONGPASS"));
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> gateway.decide(limit()).isPresent() && !gateway.stage.storeIsUp());
      assertThat(gateway.whyNot() + shown()).doesNotContain("not-the-password");
    }
  }

  @Test
  void aServerThatNobodyTrustsIsNotTalkedTo() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    try (TestGateway gateway = gateway("hush", TestCertificate.in(other).chain())) {
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(gateway.whyNot()).contains("Signature does not match"));
    }
  }

  private String shown() {
    StringBuilder shown = new StringBuilder();
    for (ILoggingEvent event : List.copyOf(log.list)) {
      shown.append(event.getFormattedMessage()).append(event.getKeyValuePairs());
    }
    return shown.toString();
  }
}
