package dev.weir.gateway.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.weir.gateway.route.Issuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeySetReaderTest {
  private static final RSAKey RSA = rsa(2048).keyID("rsa").build();

  private static RSAKey.Builder rsa(int bits) {
    try {
      return new RSAKey.Builder(new RSAKeyGenerator(bits, true).generate());
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Optional<KeySet> read(String json, String... algorithms) {
    return new KeySetReader(Set.of(algorithms)).read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<KeySet> readKeys(String[] algorithms, JWK... keys) {
    return read(TestIssuer.jwks(keys), algorithms);
  }

  private static String[] only(String... algorithms) {
    return algorithms;
  }

  @Test
  void takesAKeyThatSaysNothingForTheOneAlgorithmThatFits() {
    assertThat(readKeys(only("RS256", "ES256"), RSA).orElseThrow().keys().get("rsa"))
        .extracting(VerificationKey::algorithm)
        .isEqualTo("RS256");
    assertThat(readKeys(only("RS256", "PS256"), RSA)).as("could be either").isEmpty();
  }

  @Test
  void leavesOutWhatMayNotVerify() throws Exception {
    RSAKey.Builder key = new RSAKey.Builder(RSA);
    assertThat(readKeys(only("RS256"), rsa(1024).keyID("weak").build())).isEmpty();
    assertThat(readKeys(only("RS256"), key.keyUse(KeyUse.ENCRYPTION).build())).isEmpty();
    assertThat(
            readKeys(
                only("RS256"),
                new RSAKey.Builder(RSA).keyOperations(Set.of(KeyOperation.ENCRYPT)).build()))
        .isEmpty();
    assertThat(readKeys(only("RS256"), new RSAKey.Builder(RSA).keyID(null).build())).isEmpty();
    assertThat(
            readKeys(only("RS256"), new RSAKey.Builder(RSA).algorithm(JWSAlgorithm.RS512).build()))
        .isEmpty();
    String withPrivatePart = "{\"keys\":[" + RSA.toJSONString() + "]}";
    assertThat(read(withPrivatePart, "RS256")).isEmpty();
    JWK symmetric = new OctetSequenceKeyGenerator(256).keyID("mac").generate();
    assertThat(read("{\"keys\":[" + symmetric.toJSONString() + "]}", "HS256", "RS256")).isEmpty();
    JWK bitcoin = new ECKeyGenerator(Curve.P_384).keyID("p384").generate();
    assertThat(readKeys(only("ES256"), bitcoin)).as("another curve").isEmpty();
  }

  @Test
  void leavesOutBothOfTwoKeysWithOneIdButKeepsTheOthers() {
    RSAKey twin = rsa(2048).keyID("twin").build();
    RSAKey otherTwin = rsa(2048).keyID("twin").build();
    KeySet keys = readKeys(only("RS256"), RSA, twin, otherTwin).orElseThrow();
    assertThat(keys.keys()).containsOnlyKeys("rsa");
  }

  @Test
  void takesNoMoreThanAHundredKeys() {
    String one = RSA.toPublicJWK().toJSONString();
    String others =
        Collections.nCopies(99, "{\"kty\":\"oct\",\"k\":\"AAAA\"}").stream()
            .collect(Collectors.joining(","));
    assertThat(read("{\"keys\":[" + one + "," + others + "]}", "RS256")).isPresent();
    assertThat(read("{\"keys\":[" + one + "," + others + ",{}]}", "RS256")).isEmpty();
  }

  @Test
  void seesWhetherAnythingChanged() {
    KeySet keys = readKeys(only("RS256"), RSA).orElseThrow();
    assertThat(keys.isSameAs(readKeys(only("RS256"), RSA).orElseThrow())).isTrue();
    RSAKey impostor = rsa(2048).keyID("rsa").build();
    assertThat(keys.isSameAs(readKeys(only("RS256"), impostor).orElseThrow())).isFalse();
    assertThat(keys.isSameAs(KeySet.EMPTY)).isFalse();
  }

  @Test
  void verifiesEd25519WithTheJdksProvider() throws Exception {
    for (int i = 0; i < 8; i++) {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      JWK key = new OctetKeyPair.Builder(Curve.Ed25519, encoded(pair)).keyID("ed").build();
      KeySet keys = readKeys(only("EdDSA"), key).orElseThrow();
      Issuer issuer =
          new Issuer(
              "weir",
              TestIssuer.NAME,
              URI.create("http://127.0.0.1/"),
              "weir-api",
              Set.of("EdDSA"),
              Duration.ZERO);
      String token =
          TestIssuer.sign(
              TestIssuer.header("EdDSA", "ed"), TestIssuer.claims(), "EdDSA", pair.getPrivate());
      TokenVerifier verifier = new TokenVerifier(issuer);
      assertThat(verifier.verify(token, keys, TestIssuer.NOW, "k", Set.of()))
          .isInstanceOf(Read.Good.class);
      String forged = token.substring(0, token.length() - 10) + "AAAAAAAAAA";
      assertThat(verifier.verify(forged, keys, TestIssuer.NOW, "k", Set.of()))
          .isEqualTo(Read.bad(TokenFault.SIGNATURE));
    }
  }

  /** The last 32 bytes of the X.509 form are the key as RFC 8032 writes it. */
  private static Base64URL encoded(KeyPair pair) throws GeneralSecurityException {
    EdECPublicKey key = (EdECPublicKey) pair.getPublic();
    byte[] x509 = key.getEncoded();
    return Base64URL.encode(Arrays.copyOfRange(x509, x509.length - 32, x509.length));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 300",
    "no-cache, 300",
    "'public, max-age=600', 600",
    "'Max-Age=600', 600",
    "max-age=0, 30",
    "max-age=999999999, 3600",
    "max-age=99999999999999999999, 300",
    "max-age=-5, 300",
    "max-age=x, 300"
  })
  void honoursMaxAgeWithinBounds(String cacheControl, long seconds) {
    assertThat(JwksClient.lifetime(cacheControl)).isEqualTo(Duration.ofSeconds(seconds));
  }
}
