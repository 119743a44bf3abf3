package dev.weir.gateway.jwt;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What all gateways know together about proofs; each call fails where nobody can be asked. */
public interface ProofLedger {

  /** Notes a proof for a while, and returns whether it is the first of its name. */
  CompletionStage<Boolean> first(String name, Duration kept);

  /**
   * Returns the nonce that all gateways have for these five minutes: this one, if none had one
   * before.
   *
   * @param epoch the number of the five minutes since 1970
   */
  CompletionStage<String> agree(long epoch, String proposal, Duration kept);
}
