package dev.weir.gateway.jwt;

/** Which tokens are no longer good, though they have not expired. Asked on every request. */
public interface Revocations {

  /**
   * Returns whether the session, the token or the subject's epoch was revoked.
   *
   * @param epoch the token's {@code ue}, or -1
   */
  boolean isRevoked(String session, String tokenId, String subject, long epoch);
}
