package dev.weir.gateway.host;

/**
 * Escapes what clients send in targets although RFC 3986 does not allow it there, as browsers do.
 */
final class EscapedTarget {
  private static final String REFUSED_IN_QUERY = "\"<>\\^`{|}";
  private static final String REFUSED_IN_PATH = REFUSED_IN_QUERY + "[]";

  private EscapedTarget() {}

  static String path(String path) {
    return escaped(path, REFUSED_IN_PATH);
  }

  static String query(String query) {
    return escaped(query, REFUSED_IN_QUERY);
  }

  private static String escaped(String text, String refused) {
    if (text.isEmpty()) {
      return text;
    }
    StringBuilder escaped = new StringBuilder(text.length() + 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (refused.indexOf(c) >= 0 || (c == '%' && !isEscape(text, i))) {
        escaped.append('%').append(Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }

  private static boolean isEscape(String text, int at) {
    return at + 2 < text.length()
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && Character.digit(text.charAt(at + 2), 16) >= 0;
  }
}
