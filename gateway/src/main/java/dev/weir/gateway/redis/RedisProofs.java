package dev.weir.gateway.redis;

import dev.weir.gateway.jwt.ProofLedger;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The proofs that all gateways have seen: one SET NX for each request that comes with one, on the
 * connection that draws tokens; and the nonce of each five minutes, by a short script that uses no
 * command that the drawing of tokens does not. Redis drops each by itself.
 */
final class RedisProofs implements ProofLedger {
  private static final String PREFIX = "weir:dpop:";
  private static final Script NONCE = Script.load("nonce.lua");

  private final RedisLine line;

  RedisProofs(RedisLine line) {
    this.line = line;
  }

  @Override
  public CompletionStage<Boolean> first(String name, Duration kept) {
    return line.wire()
        .<CompletionStage<Boolean>>map(
            wire ->
                wire.commands()
                    .set(PREFIX + name, "1", SetArgs.Builder.nx().px(kept.toMillis()))
                    .thenApply("OK"::equals))
        .orElseGet(RedisProofs::away);
  }

  /** EVAL each time: it is called once in five minutes, and the script is short. */
  @Override
  public CompletionStage<String> agree(long epoch, String proposal, Duration kept) {
    String[] keys = {PREFIX + "nonce:" + epoch};
    String[] arguments = {proposal, Long.toString(kept.toMillis())};
    return line.wire()
        .<CompletionStage<String>>map(
            wire -> wire.commands().eval(NONCE.text(), ScriptOutputType.VALUE, keys, arguments))
        .orElseGet(RedisProofs::away);
  }

  private static <T> CompletionStage<T> away() {
    return CompletableFuture.failedFuture(new IllegalStateException("no connection to redis"));
  }
}
