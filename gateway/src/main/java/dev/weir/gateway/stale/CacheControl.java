package dev.weir.gateway.stale;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The directives of a message (RFC 9111 §5.2).
 *
 * <p>Wherever two readings are possible the one that keeps less is taken: of a directive that
 * stands twice the smaller value, a value that is no number is 0, and a quotation that does not end
 * forbids all, as it may hide a {@code private}.
 *
 * @param said the seconds of each directive by its name in lower case; 0 where it has none
 */
record CacheControl(Map<String, Long> said) {
  private static final Set<String> TIMES = Set.of("max-age", "s-maxage", "stale-if-error");
  static final CacheControl NOTHING_SAID = new CacheControl(Map.of());
  private static final CacheControl NO_CACHE = new CacheControl(Map.of("no-cache", 0L));
  private static final CacheControl UNREADABLE =
      new CacheControl(Map.of("no-store", 0L, "no-cache", 0L));

  /** RFC 9111 §1.2.2: what is larger than this counts as this. */
  private static final long MOST_SECONDS = 1L << 31;

  private static final int MOST_DIGITS = 10;

  /** Copies the directives. */
  CacheControl {
    said = Map.copyOf(said);
  }

  /** Reads all fields of a message; where there is none, Pragma may forbid (RFC 9111 §5.4). */
  static CacheControl of(HttpHeaders headers) {
    if (headers.contains(HttpHeaderNames.CACHE_CONTROL)) {
      return read(headers.getAll(HttpHeaderNames.CACHE_CONTROL));
    }
    boolean forbids =
        headers.contains(HttpHeaderNames.PRAGMA)
            && read(headers.getAll(HttpHeaderNames.PRAGMA)).has("no-cache");
    return forbids ? NO_CACHE : NOTHING_SAID;
  }

  private static CacheControl read(List<String> fields) {
    Map<String, Long> said = new HashMap<>();
    for (String field : fields) {
      if (!read(field, said)) {
        return UNREADABLE;
      }
    }
    return new CacheControl(said);
  }

  boolean has(String directive) {
    return said.containsKey(directive);
  }

  OptionalLong seconds(String directive) {
    Long seconds = said.get(directive);
    return seconds == null ? OptionalLong.empty() : OptionalLong.of(seconds);
  }

  /** Reads one field; returns false where it cannot be told what it says. */
  private static boolean read(String field, Map<String, Long> said) {
    boolean quoted = false;
    int from = 0;
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        i++;
      } else if (c == ',' && !quoted) {
        add(field.substring(from, i), said);
        from = i + 1;
      }
    }
    add(field.substring(from), said);
    return !quoted;
  }

  private static void add(String directive, Map<String, Long> said) {
    int equals = directive.indexOf('=');
    String name = (equals < 0 ? directive : directive.substring(0, equals)).strip();
    if (name.isEmpty()) {
      return;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    long seconds =
        TIMES.contains(lower) && equals >= 0 ? number(directive.substring(equals + 1)) : 0;
    said.merge(lower, seconds, Math::min);
  }

  private static long number(String written) {
    String text = written.strip();
    if (text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")) {
      text = text.substring(1, text.length() - 1);
    }
    return seconds(text, 0);
  }

  /** Returns a whole number of seconds, or {@code otherwise} where the text is none. */
  static long seconds(String text, long otherwise) {
    if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return otherwise;
    }
    return text.length() > MOST_DIGITS
        ? MOST_SECONDS
        : Math.min(MOST_SECONDS, Long.parseLong(text));
  }
}
