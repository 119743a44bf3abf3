package dev.weir.gateway.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.gateway.jwt.ProofLedger;
import dev.weir.gateway.jwt.RevocationSet;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RedisProofsIT {
  private static final Duration KEPT = Duration.ofMinutes(2);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private RedisLink dial(RedisServers server) {
    return new RedisLink(
        RedisSettings.standalone(server.uri(), Duration.ofMillis(500)),
        "a:local:",
        new RevocationSet(InstantSource.system(), new SimpleMeterRegistry()),
        meters);
  }

  private static boolean first(ProofLedger ledger, String name) throws Exception {
    return ledger.first(name, KEPT).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static String agree(ProofLedger ledger, String proposal) throws Exception {
    return ledger.agree(7, proposal, KEPT).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private static boolean answers(ProofLedger ledger) {
    try {
      return first(ledger, "probe-" + System.nanoTime());
    } catch (Exception away) {
      return false;
    }
  }

  @Test
  void isOneMemoryForAllGatewaysWithAnEndAndFailsWhenItIsAway() throws Exception {
    RedisServers server = new RedisServers();
    server.start();
    RedisClient client = RedisClient.create(server.uri());
    try (RedisLink one = dial(server);
        RedisLink other = dial(server)) {
      await().until(() -> answers(one.proofs()) && answers(other.proofs()));

      assertThat(first(one.proofs(), "proof")).isTrue();
      assertThat(first(other.proofs(), "proof")).isFalse();
      assertThat(first(other.proofs(), "another")).isTrue();
      assertThat(client.connect().sync().pttl("weir:dpop:proof"))
          .isPositive()
          .isLessThanOrEqualTo(KEPT.toMillis());

      assertThat(agree(one.proofs(), "of one")).isEqualTo("of one");
      assertThat(agree(other.proofs(), "of the other")).isEqualTo("of one");
      assertThat(client.connect().sync().pttl("weir:dpop:nonce:7"))
          .isPositive()
          .isLessThanOrEqualTo(KEPT.toMillis());

      server.close();
      await().until(() -> !answers(one.proofs()));
    } finally {
      client.shutdown();
      server.close();
    }
  }
}
