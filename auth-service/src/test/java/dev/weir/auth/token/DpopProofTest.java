package dev.weir.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.ProofKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proofs by themselves: what they cost to check, and whose they are. */
class DpopProofTest {
  private static final ProofKey KEY = ProofKey.make(InstantSource.system());
  private static final ProofKey OTHER = ProofKey.make(InstantSource.system());

  @Test
  void holdsUnderItsOwnKeyAlone() {
    assertThat(DpopProof.read(KEY.proof("POST", "/login", "n")))
        .hasValueSatisfying(proof -> assertThat(proof.isSigned()).isTrue());
    assertThat(DpopProof.read(OTHER.proofOf(KEY, "/login", "n")))
        .hasValueSatisfying(
            proof -> {
              assertThat(proof.key()).isEqualTo(KEY.thumbprint());
              assertThat(proof.isSigned()).isFalse();
            });
  }

  /** Nothing is computed with a key that was made to be dear. */
  @ParameterizedTest
  @CsvSource({
    "2048, 17, true",
    "4096, 17, true",
    "2048, 18, false",
    "4096, 4095, false",
    "2047, 17, false",
    "4097, 17, false"
  })
  void takesRsaKeysThatAreCheapToCheckWith(int modulus, int exponent, boolean isTaken) {
    var jwk = "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}".formatted(odd(modulus), odd(exponent));
    var header = "{\"typ\":\"dpop+jwt\",\"alg\":\"RS256\",\"jwk\":" + jwk + "}";
    var proof = DpopProof.read(KEY.sign(header, KEY.claims("POST", "https://localhost/", "n")));
    assertThat(proof.isPresent()).isEqualTo(isTaken);
    proof.ifPresent(taken -> assertThat(taken.isSigned()).isFalse());
  }

  @Test
  void isNoneWithoutThreeParts() {
    var text = Base64.getUrlEncoder().encodeToString("{}".getBytes(StandardCharsets.US_ASCII));
    assertThat(DpopProof.read(text)).isEmpty();
  }

  private static String odd(int bits) {
    var number = BigInteger.ONE.shiftLeft(bits - 1).setBit(0).toByteArray();
    int from = number[0] == 0 ? 1 : 0;
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(java.util.Arrays.copyOfRange(number, from, number.length));
  }
}
