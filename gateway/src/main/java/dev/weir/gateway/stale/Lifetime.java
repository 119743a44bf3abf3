package dev.weir.gateway.stale;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How old an answer is and may become, in seconds of its age.
 *
 * <p>The route says how long an old answer is better than none; the answer may say less. One that
 * must be revalidated may be used while it is fresh and never after it; {@code s-maxage} means that
 * as well (RFC 9111 §4.2.4, §5.2.2.10), and where it stands beside {@code stale-if-error} the
 * stricter holds (§4.2.1).
 */
final class Lifetime {
  /** Netty's reader throws at more. */
  private static final int LONGEST_DATE = 64;

  private Lifetime() {}

  /** Returns what age the answer may have at most; 0: it is never used. */
  static long allowed(CacheControl said, HttpHeaders answer, long routeSeconds) {
    if (said.has("no-store") || said.has("private") || said.has("no-cache")) {
      return 0;
    }
    boolean whileFresh =
        said.has("must-revalidate") || said.has("proxy-revalidate") || said.has("s-maxage");
    if (whileFresh) {
      return Math.min(routeSeconds, fresh(said, answer));
    }
    OptionalLong staleIfError = said.seconds("stale-if-error");
    return staleIfError.isPresent()
        ? Math.min(routeSeconds, fresh(said, answer) + staleIfError.getAsLong())
        : routeSeconds;
  }

  /**
   * Returns the age that the answer brought along (RFC 9111 §5.1): the first of several values;
   * what is no number does not count.
   */
  static long brought(HttpHeaders answer) {
    String age = answer.get(HttpHeaderNames.AGE);
    if (age == null) {
      return 0;
    }
    int comma = age.indexOf(',');
    return CacheControl.seconds((comma < 0 ? age : age.substring(0, comma)).strip(), 0);
  }

  /** RFC 9111 §4.2.1, without guesses where the answer does not say. */
  private static long fresh(CacheControl said, HttpHeaders answer) {
    OptionalLong written = said.seconds("s-maxage");
    if (written.isEmpty()) {
      written = said.seconds("max-age");
    }
    if (written.isPresent()) {
      return written.getAsLong();
    }
    Optional<Instant> expires = date(answer, HttpHeaderNames.EXPIRES);
    Optional<Instant> sent = date(answer, HttpHeaderNames.DATE);
    return expires
        .flatMap(end -> sent.map(begin -> Math.max(0, Duration.between(begin, end).toSeconds())))
        .orElse(0L);
  }

  private static Optional<Instant> date(HttpHeaders answer, CharSequence name) {
    String text = answer.get(name);
    return text == null || text.length() > LONGEST_DATE
        ? Optional.empty()
        : Optional.ofNullable(DateFormatter.parseHttpDate(text)).map(Date::toInstant);
  }
}
