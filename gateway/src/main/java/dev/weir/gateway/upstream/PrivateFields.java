package dev.weir.gateway.upstream;

import io.netty.util.AsciiString;

/**
 * Tells which fields of a request stay out of the compression of a shared connection (RFC 7541
 * §7.1.3): secrets, so that no caller finds out those of another by the size of what is sent, and
 * what is different in each request, which would push everything else out of the table.
 */
final class PrivateFields {
  private static final AsciiString OUR_OWN = AsciiString.cached("x-weir-");

  private PrivateFields() {}

  static boolean contains(CharSequence name) {
    return switch (name.length()) {
      case 6 -> is("cookie", name);
      case 9 -> is("x-api-key", name) || is("forwarded", name);
      case 10 -> is("tracestate", name);
      case 11 -> is("traceparent", name);
      case 12 -> is("x-request-id", name);
      case 13 -> is("authorization", name);
      case 15 -> is("x-forwarded-for", name) || is("idempotency-key", name);
      case 16 -> isOurOwn(name) || is("x-forwarded-host", name);
      default -> isOurOwn(name);
    };
  }

  private static boolean is(String known, CharSequence name) {
    return known.contentEquals(name);
  }

  private static boolean isOurOwn(CharSequence name) {
    return AsciiString.regionMatches(name, false, 0, OUR_OWN, 0, OUR_OWN.length());
  }
}
