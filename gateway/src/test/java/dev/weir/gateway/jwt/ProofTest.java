package dev.weir.gateway.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever sends a proof makes its key, and an event loop checks the signature under it. */
class ProofTest {

  @ParameterizedTest
  @CsvSource({
    "2047, 65537, false",
    "2048, 65537, true",
    "4096, 65537, true",
    "4097, 65537, false",
    "8192, 65537, false",
    "2048, 3, true",
    "2048, 1, false",
    "2048, 65536, false",
    "2048, 262145, false",
    "2048, 18446744073709551615, false"
  })
  void takesRsaKeysThatAreCheapToCheckWith(int bits, BigInteger exponent, boolean isTaken) {
    BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).setBit(0);
    String header =
        "{\"typ\":\"dpop+jwt\",\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}}"
            .formatted(encoded(modulus), encoded(exponent));
    String proof =
        "%s.%s.%s"
            .formatted(
                TestIssuer.encode(header.getBytes(StandardCharsets.UTF_8)),
                TestIssuer.encode("{\"jti\":\"one\"}".getBytes(StandardCharsets.UTF_8)),
                TestIssuer.encode(new byte[256]));
    assertThat(Proof.read(proof).isPresent()).isEqualTo(isTaken);
  }

  private static String encoded(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return TestIssuer.encode(
        bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }
}
