package dev.weir.auth.session;

/** How a refresh ended. */
public sealed interface RefreshOutcome {
  /** The caller gets this refresh token and a new access token. */
  record Granted(Session session, String refreshToken, Cause cause) implements RefreshOutcome {}

  /** The caller gets nothing. */
  record Denied(Reason reason) implements RefreshOutcome {}

  /**
   * Why a token was granted: by rotation, or again within the grace that a lost or doubled call
   * deserves.
   */
  enum Cause {
    ROTATED,
    GRACE_CONCURRENT,
    GRACE_LOST_RESPONSE
  }

  /** Why a token was denied. */
  enum Reason {
    INVALID,
    REUSED,
    ENDED
  }
}
