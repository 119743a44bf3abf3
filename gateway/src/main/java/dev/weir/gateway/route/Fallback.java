package dev.weir.gateway.route;

import java.time.Duration;
import java.util.Optional;

/** What a route does where its upstream fails or is held back by its breakers. */
public sealed interface Fallback {

  /** Returns the answer of the route file, where there is one. */
  default Optional<Fixed> fixed() {
    return Optional.empty();
  }

  /** Returns the other upstream, where there is one. */
  default Optional<Upstream> elsewhere() {
    return Optional.empty();
  }

  /**
   * Gives an answer of its own.
   *
   * @param body as text; sent in UTF-8
   */
  record Fixed(int status, String contentType, String body) implements Fallback {

    @Override
    public Optional<Fixed> fixed() {
      return Optional.of(this);
    }
  }

  /** Asks another upstream, once, by the same rules. */
  record Elsewhere(Upstream upstream) implements Fallback {

    @Override
    public Optional<Upstream> elsewhere() {
      return Optional.of(upstream);
    }
  }

  /**
   * Gives the last good answer.
   *
   * @param within how old that may be
   * @param otherwise what is done where there is none; absent: the client is told
   */
  record Stale(Duration within, Optional<Fallback> otherwise) implements Fallback {

    @Override
    public Optional<Fixed> fixed() {
      return otherwise.flatMap(Fallback::fixed);
    }

    @Override
    public Optional<Upstream> elsewhere() {
      return otherwise.flatMap(Fallback::elsewhere);
    }
  }
}
