package dev.weir.auth.login;

import dev.weir.auth.session.Session;

/** What a right password leads to. */
sealed interface Opening {
  /** A session. */
  record Opened(Session session) implements Opening {}

  /** The question for a second factor. */
  record Owed(String challengeId) implements Opening {}
}
