package dev.weir.auth.redis;

import dev.weir.auth.token.ProofLedger;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Keeps names of proofs in Redis, which drops each by itself. */
public final class RedisProofLedger implements ProofLedger {
  private final RedisLink link;
  private final String prefix;

  public RedisProofLedger(RedisLink link, String prefix) {
    this.link = link;
    this.prefix = prefix + "dpop:";
  }

  @Override
  public Mono<Boolean> first(String name, Duration kept) {
    var arguments = SetArgs.Builder.nx().px(kept.toMillis());
    return link.call(redis -> redis.set(prefix + name, "1", arguments).flux()).hasElements();
  }
}
