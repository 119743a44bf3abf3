package dev.weir.auth.idempotency;

import java.util.Optional;

/**
 * The right to answer a request for the first time; without a key there is nothing to remember it
 * under.
 */
public record Ticket(Optional<String> keyDigest) {
  static final Ticket NONE = new Ticket(Optional.empty());
}
