package dev.weir.gateway.control;

import dev.weir.gateway.ingress.Ingress;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.ProblemJson;
import dev.weir.gateway.problem.Rejection;
import java.nio.charset.StandardCharsets;

/**
 * What an HTTP/1.1 client reads whose request's head never became a request: whole answers, encoded
 * once, after each of which the connection closes.
 */
final class EarlyAnswers {
  static final byte[] TIMED_OUT =
      encode(
          "Request Timeout", GatewayError.REQUEST_TIMEOUT, "The request did not arrive in time.");

  static final byte[] TOO_MANY_FIELDS =
      encode(
          "Request Header Fields Too Large", GatewayError.TOO_MANY_FIELDS, Ingress.FIELDS_DETAIL);

  static final byte[] OVERLOADED =
      encode(
          "Service Unavailable",
          GatewayError.OVERLOADED,
          "Too many requests are on their way in pieces.");

  private EarlyAnswers() {}

  private static byte[] encode(String reason, GatewayError error, String detail) {
    byte[] body = ProblemJson.encode(Rejection.of(error, detail), "");
    String retry = error == GatewayError.OVERLOADED ? "\r\nretry-after: 1" : "";
    String head =
        "HTTP/1.1 %d %s\r\ncontent-type: %s\r\ncontent-length: %d%s\r\nconnection: close\r\ncache-control: no-store\r\n\r\n"
            .formatted(error.status(), reason, ProblemJson.MEDIA_TYPE, body.length, retry);
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[first.length + body.length];
    System.arraycopy(first, 0, whole, 0, first.length);
    System.arraycopy(body, 0, whole, first.length, body.length);
    return whole;
  }
}
