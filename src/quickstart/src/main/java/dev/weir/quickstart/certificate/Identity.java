package dev.weir.quickstart.certificate;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;

/** A certificate together with the private key it speaks for. */
record Identity(X509Certificate certificate, PrivateKey key) {
  private static final byte[] PROBE = {1, 2, 3};

  /** Tells whether the key belongs to the certificate: what one signs, the other verifies. */
  boolean belongTogether() throws GeneralSecurityException {
    var signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key);
    signer.update(PROBE);
    var verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(certificate.getPublicKey());
    verifier.update(PROBE);
    return verifier.verify(signer.sign());
  }

  boolean isValidFromTo(Instant from, Instant to) {
    return !certificate.getNotBefore().toInstant().isAfter(from)
        && !certificate.getNotAfter().toInstant().isBefore(to);
  }
}
