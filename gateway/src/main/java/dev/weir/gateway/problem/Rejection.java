package dev.weir.gateway.problem;

import java.util.List;

/**
 * One refusal of one request: the cause, what to tell the client, and the fields its status
 * demands.
 *
 * @param error the stable cause
 * @param detail a sentence for the client; holds no secret and nothing of the inside
 * @param headers fields such as Retry-After or WWW-Authenticate, in the order to send
 */
public record Rejection(GatewayError error, String detail, List<Header> headers) {

  /** A response field. */
  public record Header(String name, String value) {}

  /** Copies the fields. */
  public Rejection {
    headers = List.copyOf(headers);
  }

  /** Returns a rejection without further fields. */
  public static Rejection of(GatewayError error, String detail) {
    return new Rejection(error, detail, List.of());
  }

  /** Returns a rejection that tells when a retry may help. */
  public static Rejection retryAfter(GatewayError error, String detail, long seconds) {
    return new Rejection(error, detail, List.of(new Header("Retry-After", Long.toString(seconds))));
  }
}
