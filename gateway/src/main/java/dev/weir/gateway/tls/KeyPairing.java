package dev.weir.gateway.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * Tells whether a private key is a certificate's own. The JDK's TLS provider does not look: a
 * server with two strangers for a pair starts, and then fails every handshake.
 */
final class KeyPairing {
  private static final byte[] MESSAGE = {1};

  /** So many equal bytes are no accident: the point of P-256, the end of an RSA modulus. */
  private static final int TELLING = 64;

  private static final String HEAD = "-----BEGIN PRIVATE KEY-----";

  private KeyPairing() {}

  /** Whether the file holds an unencrypted PKCS#8 key, as far as its frame tells. */
  static boolean isPkcs8(Path privateKey) {
    try {
      String pem = Files.readString(privateKey);
      return pem.contains(HEAD) && der(pem).length > 0;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Looks for the certified key's last bytes in the file: RSA keys hold both numbers of their
   * public half, and EC keys usually the point. Where they are not there, signs with one and
   * verifies with the other, at a tenth of a second in a JVM that has just started.
   */
  static boolean fits(Path privateKey, PublicKey certified) {
    try {
      byte[] encoded = der(Files.readString(privateKey));
      if (holds(encoded, certified.getEncoded())) {
        return true;
      }
      PrivateKey key =
          KeyFactory.getInstance(certified.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(encoded));
      Signature signature = Signature.getInstance(scheme(certified.getAlgorithm()));
      signature.initSign(key);
      signature.update(MESSAGE);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(MESSAGE);
      return signature.verify(signed);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean holds(byte[] privateKey, byte[] publicKey) {
    int from = publicKey.length - TELLING;
    if (from < 0) {
      return false;
    }
    for (int at = privateKey.length - TELLING; at >= 0; at--) {
      if (Arrays.equals(privateKey, at, at + TELLING, publicKey, from, publicKey.length)) {
        return true;
      }
    }
    return false;
  }

  private static String scheme(String algorithm) {
    return switch (algorithm) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> algorithm;
    };
  }

  private static byte[] der(String pem) {
    int begin = pem.indexOf(HEAD) + HEAD.length();
    int end = pem.indexOf("-----END PRIVATE KEY-----", begin);
    return Base64.getMimeDecoder().decode(pem.substring(begin, Math.max(begin, end)));
  }
}
