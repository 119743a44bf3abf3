package dev.weir.drills.load;

import dev.weir.drills.timeline.Outcome;

/**
 * What one request carries, and who hears what came of it.
 *
 * @param token an empty one: no Authorization field
 * @param body JSON; empty: there is none
 */
public record Asked(String token, String body, Ear ear) {
  private static final Ear NOBODY = (_, _) -> {};

  /** Hears on the clients' event loop; the body is empty where there was no whole answer. */
  public interface Ear {
    void hear(Outcome outcome, String body);
  }

  /** A request whose answer only counts. */
  public static Asked of(String token, String body) {
    return new Asked(token, body, NOBODY);
  }

  /** Returns whether somebody wants the body of the answer. */
  boolean isHeard() {
    return !ear.equals(NOBODY);
  }
}
