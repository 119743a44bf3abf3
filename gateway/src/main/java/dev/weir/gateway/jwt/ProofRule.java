package dev.weir.gateway.jwt;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Compares a proof with the request and the token that it comes with (RFC 9449 §4.3). Pure. */
final class ProofRule {
  /** How far a proof's time may be from ours. */
  static final long WINDOW_SECONDS = 60;

  private ProofRule() {}

  /** What a proof turned out to be worth. */
  enum Finding {
    GOOD,
    /** Right but for its nonce. */
    NONCE,
    BAD
  }

  /**
   * What a proof has to be about.
   *
   * @param authority host and port as the client names them
   * @param tokenHash of the token beside it
   * @param key that the token is bound to
   */
  record Expected(
      String method, String scheme, String authority, String path, String tokenHash, String key) {}

  static Finding judge(Proof proof, Expected expected, SharedNonces nonces, long nowSeconds) {
    boolean right =
        proof.key().equals(expected.key())
            && proof.tokenHash().equals(expected.tokenHash())
            && proof.method().equals(expected.method())
            && isOf(proof.uri(), expected)
            && proof.issuedSeconds() >= nowSeconds - WINDOW_SECONDS
            && proof.issuedSeconds() <= nowSeconds + WINDOW_SECONDS;
    if (!right) {
      return Finding.BAD;
    }
    return nonces.isGood(proof.nonce(), nowSeconds) ? Finding.GOOD : Finding.NONCE;
  }

  /** Query and fragment do not count; a port that goes without saying may go unsaid. */
  private static boolean isOf(String text, Expected expected) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      return scheme.equals(expected.scheme())
          && path.equals(expected.path())
          && authority(scheme, String.valueOf(uri.getRawAuthority()))
              .equals(authority(scheme, expected.authority()));
    } catch (URISyntaxException malformed) {
      return false;
    }
  }

  private static String authority(String scheme, String authority) {
    String lower = authority.toLowerCase(Locale.ROOT);
    String standard = scheme.equals("https") ? ":443" : ":80";
    return lower.endsWith(standard)
        ? lower.substring(0, lower.length() - standard.length())
        : lower;
  }
}
