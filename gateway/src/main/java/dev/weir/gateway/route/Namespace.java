package dev.weir.gateway.route;

import java.util.Optional;
import java.util.Set;

/**
 * Keeps the subjects and sessions of several issuers apart (ASVS 6.8.1): what one issuer names
 * {@code 17} is {@code partner:17} to limits, logs and upstreams. The issuer without a name of its
 * own cannot say anything that begins like another's.
 *
 * @param prefix {@code NAME:}, or nothing
 * @param others the prefixes of all other issuers of the file; only of use to whoever has none
 */
public record Namespace(String prefix, Set<String> others) {

  /** Of the only issuer. */
  public static final Namespace NONE = new Namespace("", Set.of());

  /** Copies the prefixes. */
  public Namespace {
    others = Set.copyOf(others);
  }

  /** Returns the namespace of this name. */
  public static Namespace named(String name) {
    return new Namespace(name + ":", Set.of());
  }

  /** Returns whether issuers without a namespace must keep out of it. */
  public boolean isNamed() {
    return !prefix.isEmpty();
  }

  /** Returns the text as everyone here knows it; empty where it is another issuer's. */
  public Optional<String> of(String text) {
    for (String other : others) {
      if (text.startsWith(other)) {
        return Optional.empty();
      }
    }
    return Optional.of(prefix.isEmpty() || text.isEmpty() ? text : prefix + text);
  }
}
