package dev.weir.auth.session;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseCookie;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * The cookies of a browser session; every name has the __Host- prefix, so no neighbour domain can
 * set one.
 */
public final class SessionCookies {
  private static final String REFRESH = "__Host-rt";
  private static final String CSRF = "__Host-csrf";
  private static final String DEVICE = "__Host-dev";
  static final Duration DEVICE_LIFE = Duration.ofDays(180);

  /** A negative age leaves Max-Age out: the cookie ends with the browser session. */
  private static final Duration BROWSER_SESSION = Duration.ofSeconds(-1);

  private SessionCookies() {}

  static List<ResponseCookie> issued(
      Session session, String refreshToken, String csrfToken, Instant now) {
    var age =
        session.client().persistent()
            ? Duration.between(now, session.lifetime().expiresAt())
            : BROWSER_SESSION;
    return List.of(
        cookie(REFRESH, refreshToken, age).httpOnly(true).build(),
        cookie(CSRF, csrfToken, age).build());
  }

  public static ResponseCookie device(String value) {
    return cookie(DEVICE, value, DEVICE_LIFE).httpOnly(true).build();
  }

  /** Expires what ends with a session; the device cookie stays, because it is not part of one. */
  public static List<ResponseCookie> expired() {
    return List.of(
        cookie(REFRESH, "", Duration.ZERO).httpOnly(true).build(),
        cookie(CSRF, "", Duration.ZERO).build());
  }

  public static Optional<String> refreshToken(ServerRequest request) {
    return single(request, REFRESH);
  }

  static Optional<String> csrf(ServerRequest request) {
    return single(request, CSRF);
  }

  public static Optional<String> device(ServerRequest request) {
    return single(request, DEVICE);
  }

  /** A name that comes twice was set by someone else; neither value is believed. */
  private static Optional<String> single(ServerRequest request, String name) {
    var cookies = request.cookies().get(name);
    return cookies == null || cookies.size() != 1 || cookies.getFirst().getValue().isEmpty()
        ? Optional.empty()
        : Optional.of(cookies.getFirst().getValue());
  }

  private static ResponseCookie.ResponseCookieBuilder cookie(
      String name, String value, Duration age) {
    return ResponseCookie.from(name, value).secure(true).sameSite("Strict").path("/").maxAge(age);
  }
}
