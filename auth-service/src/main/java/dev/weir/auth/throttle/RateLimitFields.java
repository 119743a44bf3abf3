package dev.weir.auth.throttle;

import org.springframework.web.reactive.function.server.ServerRequest;

/** The fields of draft-ietf-httpapi-ratelimit-headers-10, for the address policy only. */
final class RateLimitFields {
  private RateLimitFields() {}

  static void write(ServerRequest request, Reservation.Standing standing, Limit limit) {
    var headers = request.exchange().getResponse().getHeaders();
    int remaining = Math.max(0, limit.attempts() - standing.used());
    headers.set(
        "RateLimit-Policy",
        "\"address\";q=" + limit.attempts() + ";w=" + limit.window().toSeconds());
    headers.set(
        "RateLimit",
        "\"address\";r=" + remaining + ";t=" + (standing.resetIn().toMillis() + 999) / 1000);
  }
}
