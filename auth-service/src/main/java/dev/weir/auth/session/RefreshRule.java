package dev.weir.auth.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides what an authentic refresh token deserves. The counter of the row says how often the
 * session was rotated: the presented one is the current token, its parent, older, or from a future
 * that this row has not seen. A parent means that the current token was never redeemed, so giving
 * that same token again does no harm within a short window, or later to the device that the session
 * belongs to, once.
 */
final class RefreshRule {
  static final Duration GRACE = Duration.ofSeconds(10);

  private RefreshRule() {}

  static Decision decide(
      Session session, long presented, Optional<String> deviceDigest, Instant now) {
    if (!session.isLive(now)) {
      return Decision.ENDED;
    }
    if (presented == session.counter()) {
      return Decision.ROTATE;
    }
    if (presented > session.counter()) {
      return Decision.FORGED;
    }
    return presented == session.counter() - 1
        ? parent(session, deviceDigest, now)
        : Decision.REUSED;
  }

  private static Decision parent(Session session, Optional<String> deviceDigest, Instant now) {
    var bound = session.client().deviceDigest();
    // A session with a key does not get this far without a proof of it, which is better than any
    // cookie.
    boolean keyed = session.client().key().isPresent();
    boolean proven = keyed || (bound.isPresent() && bound.equals(deviceDigest));
    boolean recent = session.rotatedAt().map(at -> !at.plus(GRACE).isBefore(now)).orElse(false);
    if (recent && (proven || bound.isEmpty())) {
      return Decision.REPEAT_CONCURRENT;
    }
    return !recent && proven ? Decision.REPEAT_LOST : Decision.REUSED;
  }

  /** What to do with a refresh. */
  enum Decision {
    ROTATE,
    REPEAT_CONCURRENT,
    REPEAT_LOST,
    REUSED,
    FORGED,
    ENDED
  }
}
