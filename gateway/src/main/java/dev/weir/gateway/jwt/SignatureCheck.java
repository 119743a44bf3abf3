package dev.weir.gateway.jwt;

/** Checks signatures with one key and one algorithm. */
@FunctionalInterface
interface SignatureCheck {

  /**
   * Returns whether the signature holds.
   *
   * @param signature base64url, as it stands in the token
   */
  boolean holds(byte[] signingInput, String signature);
}
