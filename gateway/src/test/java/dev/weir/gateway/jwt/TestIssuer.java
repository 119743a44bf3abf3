package dev.weir.gateway.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.weir.gateway.route.Issuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import javax.crypto.Mac;

/** Signs whatever it is asked to, with plain JCA, so that no library keeps it from lying. */
final class TestIssuer {
  static final long NOW = 1_800_000_000L;
  static final String NAME = "https://issuer.test/auth";

  /** Of tests without proofs. */
  static final ProofLedger NO_LEDGER =
      new ProofLedger() {
        @Override
        public CompletionStage<Boolean> first(String name, Duration kept) {
          return CompletableFuture.failedFuture(new IllegalStateException("no ledger"));
        }

        @Override
        public CompletionStage<String> agree(long epoch, String proposal, Duration kept) {
          return CompletableFuture.failedFuture(new IllegalStateException("no ledger"));
        }
      };

  private TestIssuer() {}

  static Issuer issuer(URI jwks, String... algorithms) {
    return new Issuer("weir", NAME, jwks, "weir-api", Set.of(algorithms), Duration.ofSeconds(30));
  }

  static String header(String algorithm, String keyId) {
    return "{\"typ\":\"at+jwt\",\"alg\":\"" + algorithm + "\",\"kid\":\"" + keyId + "\"}";
  }

  /** Claims of a good token; each edit replaces the first text by the second. */
  static String claims(String... edits) {
    String json =
        "{\"iss\":\"https://issuer.test/auth\",\"sub\":\"user-1\",\"aud\":\"weir-api\","
            + "\"exp\":1800000300,\"iat\":1800000000,\"jti\":\"token-1\",\"client_id\":\"web\","
            + "\"sid\":\"session-1\",\"ue\":3,\"scope\":\"orders:read orders:write\","
            + "\"roles\":[\"customer\"]}";
    for (int i = 0; i < edits.length; i += 2) {
      if (!json.contains(edits[i])) {
        throw new IllegalArgumentException("nothing to edit: " + edits[i]);
      }
      json = json.replace(edits[i], edits[i + 1]);
    }
    return json;
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String encode(String text) {
    return encode(text.getBytes(StandardCharsets.UTF_8));
  }

  static String sign(String header, String claims, String algorithm, Key key) {
    return sign(
        header.getBytes(StandardCharsets.UTF_8),
        claims.getBytes(StandardCharsets.UTF_8),
        algorithm,
        key);
  }

  static String sign(byte[] header, byte[] claims, String algorithm, Key key) {
    String input = encode(header) + "." + encode(claims);
    return input + "." + encode(signature(input, algorithm, key));
  }

  static byte[] signature(String input, String algorithm, Key key) {
    byte[] bytes = input.getBytes(StandardCharsets.US_ASCII);
    try {
      if (algorithm.startsWith("HS")) {
        Mac mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
        mac.init(key);
        return mac.doFinal(bytes);
      }
      Signature signer = signer(algorithm);
      signer.initSign((PrivateKey) key);
      signer.update(bytes);
      return signer.sign();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Signature signer(String algorithm) throws GeneralSecurityException {
    String digits = algorithm.substring(2);
    return switch (algorithm.substring(0, 2)) {
      case "RS" -> Signature.getInstance("SHA" + digits + "withRSA");
      case "PS" -> {
        Signature signer = Signature.getInstance("RSASSA-PSS");
        AlgorithmParameterSpec spec =
            new PSSParameterSpec(
                "SHA-" + digits,
                "MGF1",
                new MGF1ParameterSpec("SHA-" + digits),
                Integer.parseInt(digits) / 8,
                1);
        signer.setParameter(spec);
        yield signer;
      }
      case "ES" -> Signature.getInstance("SHA" + digits + "withECDSAinP1363Format");
      default -> Signature.getInstance("Ed25519");
    };
  }

  static String jwks(JWK... keys) {
    return Arrays.stream(keys)
        .map(key -> key.toPublicJWK().toJSONString())
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  static Key privateKey(JWK key) {
    try {
      return key.getKeyType().getValue().equals("RSA")
          ? key.toRSAKey().toPrivateKey()
          : key.toECKey().toPrivateKey();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
