package dev.weir.gateway.jwt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A token cut into its three parts, before any of them is believed.
 *
 * <p>Read strictly, so that no two texts are the same token: no padding, no white space, no other
 * alphabet, no bits left over in a segment's last character (RFC 7515 §2, RFC 4648 §3.5).
 *
 * <p>One pass over the text, O(its length), bounded by 16 KiB.
 *
 * @param signingInput the bytes that are signed: as they came, never encoded again
 * @param signature the third segment, still encoded
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record CompactToken(byte[] header, byte[] payload, byte[] signingInput, String signature) {
  static final int TOKEN_BOUND = 16 * 1024;
  private static final int HEADER_BOUND = 8 * 1024;
  private static final byte[] VALUES = values();

  static Read<CompactToken> of(String token) {
    if (token.length() > TOKEN_BOUND) {
      return Read.bad(TokenFault.OVERSIZED);
    }
    int first = token.indexOf('.');
    int second = first < 0 ? -1 : token.indexOf('.', first + 1);
    if (second < 0 || token.indexOf('.', second + 1) >= 0) {
      return Read.bad(TokenFault.SEGMENTS);
    }
    if (first == 0 || second == first + 1 || second == token.length() - 1) {
      return Read.bad(TokenFault.SEGMENTS);
    }
    if (first > HEADER_BOUND) {
      return Read.bad(TokenFault.OVERSIZED);
    }
    boolean canonical =
        isCanonical(token, 0, first)
            && isCanonical(token, first + 1, second)
            && isCanonical(token, second + 1, token.length());
    if (!canonical) {
      return Read.bad(TokenFault.ENCODING);
    }
    Base64.Decoder decoder = Base64.getUrlDecoder();
    return Read.good(
        new CompactToken(
            decoder.decode(token.substring(0, first)),
            decoder.decode(token.substring(first + 1, second)),
            token.substring(0, second).getBytes(StandardCharsets.US_ASCII),
            token.substring(second + 1)));
  }

  private static boolean isCanonical(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c >= VALUES.length || VALUES[c] < 0) {
        return false;
      }
    }
    int last = VALUES[text.charAt(end - 1)];
    return switch ((end - start) % 4) {
      case 0 -> true;
      case 2 -> (last & 0b1111) == 0;
      case 3 -> (last & 0b11) == 0;
      default -> false;
    };
  }

  private static byte[] values() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    byte[] values = new byte[128];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    return values;
  }
}
