package dev.weir.auth.login;

import dev.weir.auth.factor.FactorKind;
import dev.weir.auth.session.Session;
import java.util.Set;

/** What a right password leads to. */
sealed interface Opening {
  /** A session. */
  record Opened(Session session) implements Opening {}

  /** The question for a second factor. */
  record Owed(String challengeId, Set<FactorKind> kinds) implements Opening {}
}
