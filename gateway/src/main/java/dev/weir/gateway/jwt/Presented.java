package dev.weir.gateway.jwt;

import dev.weir.gateway.exchange.RequestHead;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How a request presents its token (RFC 6750 §2.1, and only that way).
 *
 * <p>Per request: one look-up of the field and one substring.
 */
sealed interface Presented {

  /** There is no bearer token. */
  record Nothing() implements Presented {}

  /** There is one, in a way that is not allowed. */
  record Wrongly() implements Presented {}

  /** There is exactly one, where it should be. */
  record Token(String text) implements Presented {}

  /** There is exactly one, which its sender says to prove (RFC 9449 §7.1). */
  record Proven(String text) implements Presented {}

  String SCHEME = "Bearer ";

  String PROVEN = "DPoP ";

  static Presented in(RequestHead head) {
    if (hasQueryToken(head.query())) {
      return new Wrongly();
    }
    List<String> fields = head.headers().getAll(HttpHeaderNames.AUTHORIZATION);
    if (fields.isEmpty()) {
      return new Nothing();
    }
    if (fields.size() > 1) {
      return new Wrongly();
    }
    return in(fields.getFirst());
  }

  private static Presented in(String field) {
    String scheme = SCHEME.trim();
    if (!field.regionMatches(true, 0, scheme, 0, scheme.length())) {
      return proven(field);
    }
    int start = scheme.length();
    if (start == field.length() || field.charAt(start) != ' ') {
      // "Bearer" alone, or another scheme that begins alike.
      return start == field.length() ? new Wrongly() : new Nothing();
    }
    while (start < field.length() && field.charAt(start) == ' ') {
      start++;
    }
    String token = field.substring(start);
    return token.isEmpty() ? new Wrongly() : new Token(token);
  }

  private static Presented proven(String field) {
    if (!field.regionMatches(true, 0, PROVEN, 0, PROVEN.length())) {
      return new Nothing();
    }
    String token = field.substring(PROVEN.length()).strip();
    return token.isEmpty() ? new Wrongly() : new Proven(token);
  }

  /** A token in a query string ends up in logs and histories (RFC 9700 §4.3.2): refused. */
  private static boolean hasQueryToken(String query) {
    int start = query.startsWith("?") ? 1 : 0;
    while (start < query.length()) {
      int end = query.indexOf('&', start);
      int stop = end < 0 ? query.length() : end;
      int equals = query.indexOf('=', start);
      int nameEnd = equals < 0 || equals > stop ? stop : equals;
      if (isTokenName(query, start, nameEnd)) {
        return true;
      }
      start = stop + 1;
    }
    return false;
  }

  private static boolean isTokenName(String query, int start, int end) {
    String name = "access_token";
    if (end - start == name.length()) {
      return query.startsWith(name, start);
    }
    int escape = query.indexOf('%', start);
    if (escape < 0 || escape >= end || end - start > 3 * name.length()) {
      return false;
    }
    try {
      String written = query.substring(start, end);
      return name.equals(QueryStringDecoder.decodeComponent(written, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notEncoded) {
      return false;
    }
  }
}
