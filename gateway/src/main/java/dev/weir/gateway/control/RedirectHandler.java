package dev.weir.gateway.control;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Sends plain HTTP to HTTPS with 308, which keeps method and body (RFC 9110 §15.4.9). Nothing else
 * is served in the clear.
 */
final class RedirectHandler {
  private final int port;

  RedirectHandler(int port) {
    this.port = port;
  }

  Mono<Void> redirect(HttpServerRequest request, HttpServerResponse response) {
    String host = request.requestHeaders().get(HttpHeaderNames.HOST, "");
    String target = request.uri();
    if (!isHostName(host) || !target.startsWith("/")) {
      return response.status(HttpResponseStatus.BAD_REQUEST).send();
    }
    String suffix = port == 443 ? "" : ":" + port;
    return response
        .status(HttpResponseStatus.PERMANENT_REDIRECT)
        .header(HttpHeaderNames.LOCATION, "https://" + withoutPort(host) + suffix + target)
        .header(HttpHeaderNames.CONTENT_LENGTH, "0")
        .send();
  }

  private static boolean isHostName(String host) {
    return !host.isEmpty()
        && host.length() <= 300
        && host.chars()
            .allMatch(c -> (Character.isLetterOrDigit(c) && c < 0x80) || ".-_:[]".indexOf(c) >= 0);
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
  }
}
