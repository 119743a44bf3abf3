package dev.weir.auth.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Keys that another one took over from, and since when. The links that showed it go with their
 * months, and where keys are stored, whoever may write there can make an old one look as if it were
 * in use. So the anchor keeps them, under its digest.
 */
record SucceededKeys(Map<String, Instant> since) {
  static final SucceededKeys NONE = new SucceededKeys(Map.of());

  /** As long as a key retires: by then every instance has long written under the next one. */
  static final Duration OVERLAP = Duration.ofDays(1);

  private static final String PAIR = ", ";

  SucceededKeys {
    since = Map.copyOf(since);
  }

  /**
   * Adds what another source says of before this cut. A key that still had its time then shows in
   * the links that stay that it was succeeded; here they would be taken for somebody else's.
   */
  SucceededKeys and(Map<String, Instant> others, Instant cut) {
    var all = new TreeMap<>(since);
    others.forEach(
        (kid, at) -> {
          if (at.plus(OVERLAP).isBefore(cut)) {
            all.putIfAbsent(kid, at);
          }
        });
    return new SucceededKeys(all);
  }

  /** Returns them in one order; "" for none, as anchors of before have it. */
  String text() {
    return new TreeMap<>(since)
        .entrySet().stream()
            .map(key -> key.getKey() + " " + key.getValue())
            .collect(Collectors.joining(PAIR));
  }

  /** Reads what was written so; only what is under a digest that holds is. */
  static SucceededKeys parse(String text) {
    var all = new TreeMap<String, Instant>();
    for (var pair : text.isEmpty() ? new String[0] : text.split(PAIR, -1)) {
      int end = pair.indexOf(' ');
      all.put(pair.substring(0, end), Instant.parse(pair.substring(end + 1)));
    }
    return new SucceededKeys(all);
  }
}
