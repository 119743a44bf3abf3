package dev.weir.auth.mfa;

import dev.weir.auth.factor.Challenge;
import dev.weir.auth.session.Origin;

/** One try at a challenge, and where it comes from. */
record Owed(String challengeId, Challenge challenge, Origin origin) {
  @Override
  public String toString() {
    return "Owed[" + challenge + "]";
  }
}
