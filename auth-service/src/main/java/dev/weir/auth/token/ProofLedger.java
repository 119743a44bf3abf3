package dev.weir.auth.token;

import java.time.Duration;
import reactor.core.publisher.Mono;

/** Remembers, for all instances together, which proofs were seen. */
@FunctionalInterface
public interface ProofLedger {
  /** Notes a proof for a while and tells whether it is the first of its name, or fails. */
  Mono<Boolean> first(String name, Duration kept);
}
