package dev.weir.gateway.jwt;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Remembers, for all gateways together, which proofs were seen. */
@FunctionalInterface
public interface ProofLedger {

  /**
   * Notes a proof for a while, and returns whether it is the first of its name; fails where the
   * ledger cannot be asked.
   */
  CompletionStage<Boolean> first(String name, Duration kept);
}
