package dev.weir.gateway.jwt;

import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleIssuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Shows what a token costs the first time it comes. */
@State(Scope.Benchmark)
public class TokenVerifierBench {
  /** The signature. */
  @Param({"RS256", "ES256", "EdDSA"})
  public String algorithm = "RS256";

  private KeySet keys = KeySet.EMPTY;
  private TokenVerifier verifier = verifier(new SampleIssuer(algorithm));
  private String token = "";

  /** Makes the key and a token. */
  @Setup
  public void sign() {
    SampleIssuer issuer = new SampleIssuer(algorithm);
    keys =
        new KeySetReader(Set.of(algorithm))
            .read(issuer.keySet().getBytes(StandardCharsets.UTF_8))
            .orElseThrow();
    verifier = verifier(issuer);
    token = issuer.token("token-1");
  }

  private static TokenVerifier verifier(SampleIssuer issuer) {
    return new TokenVerifier(issuer.policy(URI.create("http://127.0.0.1/unused")));
  }

  /** Takes the token apart, checks its signature and reads its claims. */
  @Benchmark
  public Read<AccessToken> verify() {
    Read<AccessToken> read = verifier.verify(token, keys, SampleIssuer.NOW, "digest", Set.of());
    Expect.that(
        read instanceof Read.Good<AccessToken>(AccessToken known)
            && known.caller().subject().equals("user-1"),
        "a good token");
    return read;
  }
}
