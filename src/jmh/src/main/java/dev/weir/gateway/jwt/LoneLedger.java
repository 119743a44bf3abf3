package dev.weir.gateway.jwt;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a gateway knows that shares with no other; no bench shows it a proof. */
public final class LoneLedger implements ProofLedger {
  @Override
  public CompletionStage<Boolean> first(String name, Duration kept) {
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public CompletionStage<String> agree(long epoch, String proposal, Duration kept) {
    return CompletableFuture.completedFuture(proposal);
  }
}
