package dev.weir.gateway.ingress;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Mints request ids: 128 random bits in 32 lower-case hex digits, which makes them W3C trace ids
 * too. An id must be unique, not unguessable, so the thread's own generator will do.
 */
final class RequestIds {
  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private static final int MAX_LENGTH = 64;

  private RequestIds() {}

  static String mint() {
    char[] id = new char[32];
    hex(ThreadLocalRandom.current().nextLong(), id, 0);
    // A trace id of zeros is invalid; a set bit costs nothing.
    hex(ThreadLocalRandom.current().nextLong() | 1, id, 16);
    return new String(id);
  }

  /** Returns the span id of one hop: 16 hex digits, never all zero. */
  static String mintSpan() {
    char[] id = new char[16];
    hex(ThreadLocalRandom.current().nextLong() | 1, id, 0);
    return new String(id);
  }

  /** Keeps a trusted proxy's id where it is short and plain; mints one otherwise. */
  static String keepOrMint(HttpHeaders headers) {
    String given = headers.get(RequestFields.X_REQUEST_ID);
    return isPlain(given) ? given : mint();
  }

  private static boolean isPlain(@Nullable String id) {
    if (id == null || id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (c > 0x7e || (!Character.isLetterOrDigit(c) && c != '-' && c != '_')) {
        return false;
      }
    }
    return true;
  }

  private static void hex(long bits, char[] out, int at) {
    for (int i = 0; i < 16; i++) {
      out[at + i] = HEX[(int) (bits >>> (60 - 4 * i)) & 0xf];
    }
  }
}
