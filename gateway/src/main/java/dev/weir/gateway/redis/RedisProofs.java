package dev.weir.gateway.redis;

import dev.weir.gateway.jwt.ProofLedger;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The proofs that all gateways have seen: one SET NX for each request that comes with one, on the
 * connection that draws tokens. Redis drops each by itself.
 */
final class RedisProofs implements ProofLedger {
  private static final String PREFIX = "weir:dpop:";

  private final RedisLine line;

  RedisProofs(RedisLine line) {
    this.line = line;
  }

  @Override
  public CompletionStage<Boolean> first(String name, Duration kept) {
    Wire wire = line.wire().orElse(null);
    if (wire == null) {
      return CompletableFuture.failedFuture(new IllegalStateException("no connection to redis"));
    }
    return wire.commands()
        .set(PREFIX + name, "1", SetArgs.Builder.nx().px(kept.toMillis()))
        .thenApply("OK"::equals);
  }
}
