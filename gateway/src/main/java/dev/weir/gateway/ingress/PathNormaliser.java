package dev.weir.gateway.ingress;

/**
 * Brings a request path into the one form that is matched, authorised and forwarded, so that the
 * gateway and an upstream can never read the same path differently.
 *
 * <p>Follows RFC 3986 §6.2.2: escapes of unreserved characters are decoded, the others get
 * upper-case digits, dot segments are removed; beyond it, runs of slashes are merged. What
 * upstreams are known to read in more than one way is refused instead: an escaped slash or
 * backslash, a raw backslash, a path parameter ({@code ;}), control characters and anything outside
 * ASCII, a malformed escape, a dot segment that climbs above the root.
 *
 * <p>Runs per request. A path without anything to change is returned as it is, after one pass over
 * its characters and without allocation.
 */
final class PathNormaliser {

  /** What came of a path. */
  sealed interface Result {
    /** Normal form. */
    record Normal(String path) implements Result {}

    /** Refused, and why. */
    record Refused(String reason) implements Result {}
  }

  private PathNormaliser() {}

  /** Returns the normal form of an absolute path, given without its query. */
  static Result normalise(String raw) {
    if (raw.isEmpty() || raw.charAt(0) != '/') {
      return new Result.Refused("The request target is not an absolute path.");
    }
    if (isNormal(raw)) {
      return new Result.Normal(raw);
    }
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        int octet = octet(raw, i + 1);
        if (octet < 0) {
          return new Result.Refused("The path has a malformed percent escape.");
        }
        if (octet == '/' || octet == '\\' || octet < 0x20 || octet == 0x7f) {
          return new Result.Refused(
              "The path has an escaped slash, backslash or control character.");
        }
        appendOctet(out, octet);
        i += 2;
      } else if (isRefused(c)) {
        return new Result.Refused("The path has a character that is not allowed there.");
      } else {
        out.append(c);
      }
    }
    return removeDotSegments(out);
  }

  private static boolean isNormal(String raw) {
    char previous = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%' || isRefused(c) || (previous == '/' && (c == '/' || c == '.'))) {
        return false;
      }
      previous = c;
    }
    return true;
  }

  private static boolean isRefused(char c) {
    return c <= 0x20 || c >= 0x7f || c == '\\' || c == ';' || c == '#' || c == '?';
  }

  private static int octet(String raw, int at) {
    if (at + 1 >= raw.length()) {
      return -1;
    }
    int high = Character.digit(raw.charAt(at), 16);
    int low = Character.digit(raw.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : (high << 4) | low;
  }

  private static void appendOctet(StringBuilder out, int octet) {
    if (isUnreserved(octet)) {
      out.append((char) octet);
      return;
    }
    out.append('%').append(hex(octet >> 4)).append(hex(octet & 0xf));
  }

  private static char hex(int digit) {
    return (char) (digit < 10 ? '0' + digit : 'A' + digit - 10);
  }

  private static boolean isUnreserved(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  private static Result removeDotSegments(CharSequence path) {
    StringBuilder out = new StringBuilder(path.length());
    int at = 1;
    boolean directory = true;
    while (at <= path.length()) {
      int end = at;
      while (end < path.length() && path.charAt(end) != '/') {
        end++;
      }
      boolean last = end >= path.length();
      switch (segment(path, at, end)) {
        case EMPTY, DOT -> directory = last;
        case UP -> {
          int parent = out.lastIndexOf("/");
          if (parent < 0) {
            return new Result.Refused("The path climbs above the root.");
          }
          out.setLength(parent);
          directory = last;
        }
        case NAME -> {
          out.append('/').append(path, at, end);
          directory = false;
        }
      }
      at = end + 1;
    }
    if (directory || out.isEmpty()) {
      out.append('/');
    }
    return new Result.Normal(out.toString());
  }

  private enum Kind {
    EMPTY,
    DOT,
    UP,
    NAME
  }

  private static Kind segment(CharSequence path, int from, int to) {
    int length = to - from;
    if (length == 0) {
      return Kind.EMPTY;
    }
    if (path.charAt(from) != '.' || length > 2) {
      return Kind.NAME;
    }
    if (length == 1) {
      return Kind.DOT;
    }
    return path.charAt(from + 1) == '.' ? Kind.UP : Kind.NAME;
  }
}
