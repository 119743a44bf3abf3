package dev.weir.auth.factor;

import java.util.Set;

/**
 * Who passkeys are made for.
 *
 * @param id the domain that they are bound to
 * @param origins the pages that may ask for them
 */
public record RelyingParty(String id, Set<String> origins) {

  /** Copies the origins. */
  public RelyingParty {
    origins = Set.copyOf(origins);
  }
}
