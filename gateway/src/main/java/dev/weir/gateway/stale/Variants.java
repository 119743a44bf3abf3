package dev.weir.gateway.stale;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is kept for one address: the last answers that were chosen by different request fields.
 *
 * @param newestFirst of those that fit a request the newest is used (RFC 9111 §4.1)
 */
record Variants(List<Kept> newestFirst) {
  /** More languages and codings than this of one page are not worth their memory. */
  static final int MOST = 8;

  /** Copies the list. */
  Variants {
    newestFirst = List.copyOf(newestFirst);
  }

  /** Returns these with one more, which takes the place of the one chosen by the same. */
  Variants with(Kept kept) {
    List<Kept> all = new ArrayList<>(MOST);
    all.add(kept);
    for (Kept before : newestFirst) {
      boolean stays = before.isAlive(kept.keptNanos()) && all.size() < MOST;
      if (stays && !before.selection().equals(kept.selection())) {
        all.add(before);
      }
    }
    return new Variants(all);
  }

  /**
   * Returns what answers a request.
   *
   * @param byName whether it says who asks; then only what is for all does
   */
  Optional<Kept> find(HttpHeaders request, boolean byName, long nowNanos) {
    for (Kept kept : newestFirst) {
      if (kept.selection().fits(request)) {
        return kept.isAlive(nowNanos) && (kept.shared() || !byName)
            ? Optional.of(kept)
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Returns for how long some of it is of use. */
  long remainingNanos(long nowNanos) {
    long remaining = 0;
    for (Kept kept : newestFirst) {
      remaining = Math.max(remaining, kept.diesNanos() - nowNanos);
    }
    return remaining;
  }

  int weight() {
    return newestFirst.stream().mapToInt(Kept::weight).sum();
  }
}
