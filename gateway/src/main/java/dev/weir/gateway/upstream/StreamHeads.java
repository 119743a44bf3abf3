package dev.weir.gateway.upstream;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/**
 * Turns heads of HTTP/1.1 into those of HTTP/2 and back (RFC 9113 §8).
 *
 * <p>Per request: one pass over the fields in each direction and two sets of them; values are not
 * copied. What comes back is checked as an HTTP/1.1 head is, since it may go on as one: a value
 * with a line break would be another field there.
 */
final class StreamHeads {
  private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
  private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
  private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");

  private StreamHeads() {}

  static Http2Headers of(HttpRequest request, AsciiString scheme) {
    HttpHeaders fields = request.headers();
    Http2Headers head =
        new DefaultHttp2Headers(false, fields.size() + 5)
            .method(request.method().asciiName())
            .scheme(scheme)
            .authority(fields.get(HttpHeaderNames.HOST, ""))
            .path(request.uri());
    Iterator<Map.Entry<CharSequence, CharSequence>> all = fields.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = all.next();
      AsciiString name = AsciiString.of(field.getKey()).toLowerCase();
      if (!isOfConnection(name)) {
        head.add(name, field.getValue());
      }
    }
    // Without it gRPC servers refuse, as trailers carry what came of a call (RFC 9110 §10.1.4).
    return head.set(HttpHeaderNames.TE, HttpHeaderValues.TRAILERS);
  }

  /** RFC 9113 §8.2.2; the authority stands for the host. */
  private static boolean isOfConnection(AsciiString name) {
    return switch (name.length()) {
      case 4 -> name.equals(HttpHeaderNames.HOST);
      case 7 -> name.equals(HttpHeaderNames.UPGRADE);
      case 10 -> name.equals(HttpHeaderNames.CONNECTION) || name.equals(KEEP_ALIVE);
      case 14 -> name.equals(HTTP2_SETTINGS);
      case 16 -> name.equals(PROXY_CONNECTION);
      case 17 -> name.equals(HttpHeaderNames.TRANSFER_ENCODING);
      default -> false;
    };
  }

  /**
   * Returns the fields without those that begin with a colon.
   *
   * @throws IllegalArgumentException where HTTP/1.1 has no such name or value
   */
  static HttpHeaders fields(Http2Headers head) {
    HttpHeaders fields = DefaultHttpHeadersFactory.headersFactory().newHeaders();
    for (Map.Entry<CharSequence, CharSequence> field : head) {
      CharSequence name = field.getKey();
      if (name.charAt(0) != ':') {
        fields.add(name, field.getValue());
      }
    }
    return fields;
  }

  /**
   * Returns the fields behind a body: none that frames a message or belongs to a connection.
   *
   * @throws IllegalArgumentException where HTTP/1.1 has no such name or value
   */
  static HttpHeaders trailers(Http2Headers trailers) {
    HttpHeaders fields = fields(trailers);
    HopByHop.strip(fields);
    return fields.remove(HttpHeaderNames.CONTENT_LENGTH).remove(HttpHeaderNames.HOST);
  }

  /** Returns the status, or -1 where there is none of three digits. */
  static int status(Http2Headers head) {
    CharSequence text = head.status();
    if (text == null || text.length() != 3) {
      return -1;
    }
    int status = 0;
    for (int i = 0; i < 3; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      status = status * 10 + digit;
    }
    return status;
  }
}
