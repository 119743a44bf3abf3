package dev.weir.gateway.jwt;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;

/** Ed25519 by the JDK's own provider (RFC 8037); Nimbus would need Tink for it. */
final class Ed25519Check implements SignatureCheck {
  private static final int KEY_BYTES = 32;

  private final PublicKey key;

  private Ed25519Check(PublicKey key) {
    this.key = key;
  }

  /** Takes a public key as RFC 8032 §5.1.5 writes it: little-endian y, the sign of x on top. */
  static SignatureCheck of(byte[] encoded) {
    if (encoded.length != KEY_BYTES) {
      throw new IllegalArgumentException("an Ed25519 key has 32 bytes");
    }
    byte[] bigEndian = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      bigEndian[i] = encoded[KEY_BYTES - 1 - i];
    }
    boolean xIsOdd = (bigEndian[0] & 0x80) != 0;
    bigEndian[0] &= 0x7f;
    EdECPoint point = new EdECPoint(xIsOdd, new BigInteger(1, bigEndian));
    try {
      var spec = new EdECPublicKeySpec(NamedParameterSpec.ED25519, point);
      return new Ed25519Check(KeyFactory.getInstance("Ed25519").generatePublic(spec));
    } catch (GeneralSecurityException unusable) {
      throw new IllegalArgumentException(unusable);
    }
  }

  @Override
  public boolean holds(byte[] signingInput, String signature) {
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(signingInput);
      return verifier.verify(Base64.getUrlDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException malformed) {
      return false;
    }
  }
}
