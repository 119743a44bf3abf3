package dev.weir.quickstart.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;

/** An issuer of tokens that lives as long as a training. */
record TrainingIssuer(KeyPair keys) {
  static final String NAME = "https://training.invalid/auth";
  static final String AUDIENCE = "training";
  private static final String HEAD = "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"training\"}";

  static TrainingIssuer create() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return new TrainingIssuer(generator.generateKeyPair());
  }

  /** The key set document. */
  String keySet() {
    var key = (RSAPublicKey) keys.getPublic();
    return """
    {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"training","n":"%s","e":"%s"}]}\
    """
        .formatted(number(key.getModulus()), number(key.getPublicExponent()));
  }

  /** A token of the subject with that number, good for an hour. */
  String token(int number, Instant now) throws GeneralSecurityException {
    var claims =
        """
        {"iss":"%s","aud":"%s","sub":"s-%d","sid":"i-%d","jti":"t-%d","iat":%d,"exp":%d,\
        "roles":["customer"],"scope":"orders:read"}\
        """
            .formatted(
                NAME,
                AUDIENCE,
                number,
                number,
                number,
                now.getEpochSecond(),
                now.plusSeconds(3600).getEpochSecond());
    var signed = text(HEAD.getBytes(UTF_8)) + "." + text(claims.getBytes(UTF_8));
    var signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(signed.getBytes(UTF_8));
    return signed + "." + text(signature.sign());
  }

  private static String number(BigInteger number) {
    var bytes = number.toByteArray();
    int sign = bytes[0] == 0 ? 1 : 0;
    return text(java.util.Arrays.copyOfRange(bytes, sign, bytes.length));
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
