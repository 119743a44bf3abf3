package dev.weir.gateway.jwt;

/**
 * How large an RSA key may be: a check of a signature takes time with the square of the modulus and
 * with the length of the exponent, and event loops make it.
 */
record RsaBound(int modulusBits, int exponentBits) {
  /** An operator chose the issuer, and its keys with it. */
  static final RsaBound OF_ISSUERS = new RsaBound(8192, 64);

  /** Whoever sends a proof chose its key. 17 bits are those of 65537, which everybody uses. */
  static final RsaBound OF_PROOFS = new RsaBound(4096, 17);
}
