package dev.weir.gateway.ingress;

import io.netty.util.NetUtil;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A request target taken apart (RFC 9112 §3.2). */
sealed interface Target {
  /** Longest authority: 253 octets of name, brackets, colon and port fit. */
  int MAX_AUTHORITY = 300;

  /**
   * A usable target.
   *
   * @param authority as the client wrote it, lower case
   * @param host the same without port
   * @param query with its question mark, or empty
   */
  record Good(String authority, String host, String rawPath, String query) implements Target {}

  /** Not usable, and why. */
  record Bad(String reason) implements Target {}

  /**
   * Takes apart an origin-form or absolute-form target.
   *
   * @param hostField the Host field; may be missing in HTTP/1.0
   */
  static Target parse(String target, @Nullable String hostField) {
    String authority = hostField == null ? "" : hostField.strip();
    String rest = target;
    if (!target.startsWith("/")) {
      int slashes = target.indexOf("://");
      if (slashes < 0) {
        return new Bad("The request target is neither a path nor an absolute URI.");
      }
      int path = target.indexOf('/', slashes + 3);
      // RFC 9112 §3.2.2: the absolute form outranks the Host field. They must agree all the same,
      // or
      // a cache and we would disagree about whose page this is.
      String named = path < 0 ? target.substring(slashes + 3) : target.substring(slashes + 3, path);
      if (!authority.isEmpty() && !named.equalsIgnoreCase(authority)) {
        return new Bad("The request target and the Host field name different hosts.");
      }
      authority = named;
      rest = path < 0 ? "/" : target.substring(path);
    }
    if (!validAuthority(authority)) {
      return new Bad("The Host is not a valid host name or address.");
    }
    int question = rest.indexOf('?');
    String rawPath = question < 0 ? rest : rest.substring(0, question);
    String query = question < 0 ? "" : rest.substring(question);
    if (!validQuery(query)) {
      return new Bad("The query has a character that is not allowed there.");
    }
    String lower = authority.toLowerCase(Locale.ROOT);
    return new Good(lower, withoutPort(lower), rawPath, query);
  }

  private static boolean validQuery(String query) {
    for (int i = 0; i < query.length(); i++) {
      char c = query.charAt(i);
      if (c <= 0x20 || c >= 0x7f || c == '#') {
        return false;
      }
    }
    return true;
  }

  /** RFC 3986 §3.2.2: a name or an IPv4 address, or an IPv6 address in brackets; then a port. */
  private static boolean validAuthority(String authority) {
    if (authority.length() > MAX_AUTHORITY) {
      return false;
    }
    boolean bracketed = authority.startsWith("[");
    int hostEnd = bracketed ? authority.indexOf(']') + 1 : authority.indexOf(':');
    if (bracketed && !NetUtil.isValidIpV6Address(authority.substring(0, Math.max(0, hostEnd)))) {
      return false;
    }
    int end = hostEnd < 0 ? authority.length() : hostEnd;
    return (bracketed || isName(authority, end)) && isPort(authority, end);
  }

  private static boolean isName(String authority, int end) {
    for (int i = 0; i < end; i++) {
      char c = authority.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '-'
              || c == '_';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  /** Nothing, or a colon and up to five digits. */
  private static boolean isPort(String authority, int at) {
    if (at == authority.length()) {
      return true;
    }
    if (authority.charAt(at) != ':' || authority.length() - at > 6) {
      return false;
    }
    for (int i = at + 1; i < authority.length(); i++) {
      if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon < 0 || authority.endsWith("]") ? authority : authority.substring(0, colon);
  }
}
