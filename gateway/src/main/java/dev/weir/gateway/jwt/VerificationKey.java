package dev.weir.gateway.jwt;

/**
 * One public key of an issuer, for one algorithm.
 *
 * @param thumbprint of the key itself (RFC 7638), so that two fetches can be compared
 */
record VerificationKey(String id, String algorithm, String thumbprint, SignatureCheck check) {

  boolean isSameAs(VerificationKey other) {
    return id.equals(other.id)
        && algorithm.equals(other.algorithm)
        && thumbprint.equals(other.thumbprint);
  }
}
