package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RequestHead;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Turns an exchange into the request that goes to the upstream: the same fields edited in place, so
 * that a second attempt finds them as the first left them and comes to the same result.
 *
 * <p>Per attempt: a handful of look-ups and one object; RequestHeadsBench: 40 ns.
 */
final class RequestHeads {
  private static final String NOTHING = "0";

  private RequestHeads() {}

  static HttpRequest of(Exchange exchange, String authority) {
    RequestHead head = exchange.head();
    HttpHeaders headers = head.headers();
    headers.set(HttpHeaderNames.HOST, authority);
    headers.remove(HttpHeaderNames.CONNECTION);
    // The edge has answered 100 itself by the time it reads the body (RFC 9110 §10.1.1).
    headers.remove(HttpHeaderNames.EXPECT);
    String target = head.targetWithout(exchange.route().stripPrefix());
    if (exchange.body().present()) {
      frame(headers);
      return new DefaultHttpRequest(HttpVersion.HTTP_1_1, head.method(), target, headers);
    }
    frameless(head.method(), headers);
    return new DefaultFullHttpRequest(
        HttpVersion.HTTP_1_1,
        head.method(),
        target,
        Unpooled.EMPTY_BUFFER,
        headers,
        EmptyHttpHeaders.INSTANCE);
  }

  /** One framing only: a length where the client gave one, else chunks (RFC 9112 §6). */
  private static void frame(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        || !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      headers.remove(HttpHeaderNames.CONTENT_LENGTH);
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
  }

  private static void frameless(HttpMethod method, HttpHeaders headers) {
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    boolean bodyIsUsual =
        HttpMethod.POST.equals(method)
            || HttpMethod.PUT.equals(method)
            || HttpMethod.PATCH.equals(method);
    if (bodyIsUsual || headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, NOTHING);
    }
  }
}
