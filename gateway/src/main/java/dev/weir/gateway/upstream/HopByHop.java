package dev.weir.gateway.upstream;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;

/** Removes from an answer what concerns this one connection only (RFC 9110 §7.6.1). */
final class HopByHop {
  private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
  private static final AsciiString PROXY_AUTHENTICATION_INFO =
      AsciiString.cached("proxy-authentication-info");
  private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");

  /** Fields that no Connection field may name away: they frame or route the message. */
  private static final List<AsciiString> KEPT =
      List.of(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderNames.CONTENT_TYPE);

  private HopByHop() {}

  static void strip(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.CONNECTION)) {
      for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
        stripNamed(headers, value);
      }
      headers.remove(HttpHeaderNames.CONNECTION);
    }
    headers.remove(KEEP_ALIVE);
    headers.remove(HttpHeaderNames.TE);
    headers.remove(HttpHeaderNames.TRAILER);
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    headers.remove(HttpHeaderNames.UPGRADE);
    headers.remove(HttpHeaderNames.PROXY_AUTHENTICATE);
    headers.remove(HttpHeaderNames.PROXY_AUTHORIZATION);
    headers.remove(PROXY_AUTHENTICATION_INFO);
    headers.remove(PROXY_CONNECTION);
  }

  private static void stripNamed(HttpHeaders headers, String value) {
    int from = 0;
    while (from < value.length()) {
      int comma = value.indexOf(',', from);
      int end = comma < 0 ? value.length() : comma;
      String name = value.substring(from, end).strip();
      if (!name.isEmpty() && KEPT.stream().noneMatch(kept -> kept.contentEqualsIgnoreCase(name))) {
        headers.remove(name);
      }
      from = end + 1;
    }
  }
}
