package dev.weir.gateway.stale;

import dev.weir.gateway.exchange.Exchange;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;

/** What a request says of itself, as far as it matters to a kept answer. Pure. */
final class Asked {
  private Asked() {}

  /**
   * Returns whether the request says who asks, by whatever means: its answer is for that one, and
   * an answer for all is not for this one, unless the upstream says otherwise.
   */
  static boolean byName(Exchange exchange, Set<String> credentials) {
    if (exchange.caller().isVerified()) {
      return true;
    }
    HttpHeaders headers = exchange.headers();
    for (String name : credentials) {
      if (headers.contains(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Returns whether the answer may be kept. A body is no part of the key, and with Range some
   * upstreams answer a part as if it were the whole.
   */
  static boolean mayBeKept(Exchange exchange) {
    return HttpMethod.GET.equals(exchange.method())
        && !exchange.body().present()
        && !exchange.headers().contains(HttpHeaderNames.RANGE)
        && !CacheControl.of(exchange.headers()).has("no-store");
  }

  /**
   * Returns whether a kept answer would do. Who says no-cache wants none that was not checked, and
   * a precondition only the upstream can check. A whole answer is right for who asks for a part.
   */
  static boolean takesKept(Exchange exchange) {
    HttpHeaders headers = exchange.headers();
    boolean reads =
        HttpMethod.GET.equals(exchange.method()) || HttpMethod.HEAD.equals(exchange.method());
    return reads
        && !exchange.body().present()
        && !headers.contains(HttpHeaderNames.IF_MATCH)
        && !headers.contains(HttpHeaderNames.IF_UNMODIFIED_SINCE)
        && !CacheControl.of(headers).has("no-cache");
  }

  /** Returns whether the request may change what the upstream answers next (RFC 9110 §9.2.1). */
  static boolean changes(HttpMethod method) {
    return !(HttpMethod.GET.equals(method)
        || HttpMethod.HEAD.equals(method)
        || HttpMethod.OPTIONS.equals(method)
        || HttpMethod.TRACE.equals(method));
  }
}
