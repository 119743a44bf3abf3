package dev.weir.gateway.routefile;

import java.util.List;

/**
 * A JWS algorithm that may be trusted with a public key. An allowlist (RFC 8725 §3.1): {@code none}
 * is no signature, and a shared-secret HS algorithm would let anyone sign with the published key.
 */
record AlgorithmFormat() implements Format<String> {
  private static final List<String> ACCEPTED =
      List.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

  @Override
  public String allowed() {
    return String.join(", ", ACCEPTED);
  }

  @Override
  public Reading<String> read(String text) {
    if (ACCEPTED.contains(text)) {
      return new Reading.Good<>(text);
    }
    if (text.equalsIgnoreCase("none")) {
      return refused("'" + text + "' is no signature, so anyone could write tokens");
    }
    if (text.matches("(?i)HS\\d+")) {
      return refused("'" + text + "' is signed with a shared secret, which published keys are not");
    }
    return Reading.bad(
        "'" + TextFormat.shortened(text) + "' is not a known algorithm",
        NearMiss.of(text, ACCEPTED)
            .map(word -> "did you mean " + word + "?")
            .orElse("write the algorithm that the issuer signs with"));
  }

  private static Reading<String> refused(String message) {
    return new Reading.Bad<>(
        ProblemCode.ALGORITHM_REFUSED, message, "write the algorithm that the issuer signs with");
  }
}
