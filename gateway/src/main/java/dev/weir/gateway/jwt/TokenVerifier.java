package dev.weir.gateway.jwt;

import dev.weir.gateway.route.Issuer;
import java.util.Set;

/**
 * Decides whether a text is a token of an issuer. Pure: text, keys and time in, decision out.
 *
 * <p>The order is that of RFC 8725: shape, header, key, signature, and only then content. Reached
 * only by tokens that the cache does not know. TokenVerifierBench: some 60 us with RS256, several
 * times that with ES256 and EdDSA, nearly all of it the signature.
 */
final class TokenVerifier {
  private final Issuer issuer;

  TokenVerifier(Issuer issuer) {
    this.issuer = issuer;
  }

  /**
   * Decides.
   *
   * @param kept names of the claims that limits go by
   */
  Read<AccessToken> verify(
      String text, KeySet keys, long nowSeconds, String tokenKey, Set<String> kept) {
    return switch (CompactToken.of(text)) {
      case Read.Bad<CompactToken>(TokenFault fault) -> Read.bad(fault);
      case Read.Good<CompactToken>(CompactToken token) ->
          verify(token, keys, nowSeconds, tokenKey, kept);
    };
  }

  private Read<AccessToken> verify(
      CompactToken token, KeySet keys, long nowSeconds, String tokenKey, Set<String> kept) {
    return switch (JoseHeader.of(token.header(), issuer.algorithms(), issuer.dialect().types())) {
      case Read.Bad<JoseHeader>(TokenFault fault) -> Read.bad(fault);
      case Read.Good<JoseHeader>(JoseHeader header) -> {
        TokenFault fault = checkSignature(token, header, keys);
        yield fault == TokenFault.NONE
            ? Claims.of(token.payload(), issuer, nowSeconds, tokenKey, kept)
            : Read.bad(fault);
      }
    };
  }

  private static TokenFault checkSignature(CompactToken token, JoseHeader header, KeySet keys) {
    VerificationKey key = keys.keys().get(header.keyId());
    if (key == null) {
      return TokenFault.UNKNOWN_KEY;
    }
    if (!key.algorithm().equals(header.algorithm())) {
      return TokenFault.KEY_MISMATCH;
    }
    return key.check().holds(token.signingInput(), token.signature())
        ? TokenFault.NONE
        : TokenFault.SIGNATURE;
  }
}
