package dev.weir.gateway.route;

/** What a route does where its upstream fails or is held back by its breakers. */
public sealed interface Fallback {

  /**
   * Gives an answer of its own.
   *
   * @param body as text; sent in UTF-8
   */
  record Fixed(int status, String contentType, String body) implements Fallback {}

  /** Asks another upstream, once, by the same rules. */
  record Elsewhere(Upstream upstream) implements Fallback {}
}
