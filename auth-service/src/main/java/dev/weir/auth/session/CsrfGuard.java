package dev.weir.auth.session;

import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * Refuses requests that another site made a browser send: by where the browser says they come from,
 * and for cookie callers also by a token that only our own pages can read, signed for the session
 * (signed double submit).
 */
public final class CsrfGuard {
  private static final int RANDOM_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Keys keys;
  private final Set<String> allowedOrigins;

  public CsrfGuard(Keys keys, Set<String> allowedOrigins) {
    this.keys = keys;
    this.allowedOrigins = Set.copyOf(allowedOrigins);
  }

  String issue(UUID sessionId) {
    var random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    var mac = keys.tag(KeyUse.CSRF, parts(sessionId, random)).bytes();
    var token = ByteBuffer.allocate(random.length + mac.length).put(random).put(mac).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /**
   * Demands that a cookie caller's request comes from our pages and carries the session's token.
   */
  public void requireForCookie(ServerRequest request, UUID sessionId) {
    var header = first(request, "X-CSRF-Token");
    boolean same =
        header.isPresent()
            && SessionCookies.csrf(request)
                .filter(cookie -> equal(cookie, header.get()))
                .isPresent();
    if (!isFromOurPages(request) || !same || !isSigned(header.orElse(""), sessionId)) {
      throw Refused.of(AuthError.CSRF);
    }
  }

  /**
   * Demands that a browser's request comes from our pages; a program that says nothing of its
   * origin may pass.
   */
  public void requireSameSite(ServerRequest request) {
    boolean silent =
        first(request, "Sec-Fetch-Site").isEmpty() && first(request, "Origin").isEmpty();
    if (!silent && !isFromOurPages(request)) {
      throw Refused.of(AuthError.CSRF);
    }
  }

  private boolean isFromOurPages(ServerRequest request) {
    return first(request, "Sec-Fetch-Site").filter("same-origin"::equals).isPresent()
        || first(request, "Origin").filter(allowedOrigins::contains).isPresent();
  }

  /** Under any key that is not retired: a page keeps its token for as long as its session. */
  private boolean isSigned(String token, UUID sessionId) {
    try {
      var bytes = Base64.getUrlDecoder().decode(token);
      if (bytes.length <= RANDOM_BYTES) {
        return false;
      }
      var random = Arrays.copyOf(bytes, RANDOM_BYTES);
      var mac = Arrays.copyOfRange(bytes, RANDOM_BYTES, bytes.length);
      return keys.tags(KeyUse.CSRF, parts(sessionId, random)).stream()
          .anyMatch(tag -> MessageDigest.isEqual(mac, tag.bytes()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static byte[][] parts(UUID sessionId, byte[] random) {
    return new byte[][] {sessionId.toString().getBytes(StandardCharsets.US_ASCII), random};
  }

  private static boolean equal(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<String> first(ServerRequest request, String header) {
    return request.headers().header(header).stream().findFirst();
  }
}
