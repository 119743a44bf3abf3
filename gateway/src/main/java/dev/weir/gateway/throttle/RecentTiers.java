package dev.weir.gateway.throttle;

import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * The buckets that one event loop has met of late, so that a busy caller is digested once and not
 * per request and tier.
 *
 * <p>Per look-up: a hash of hashes, which strings compute once, and a few comparisons; no
 * allocation, no other thread. A table of fixed size in which the newcomer takes the place: bounded
 * by construction, and a client that floods it with identities only makes others pay what all paid
 * without it. What is compared is whole (prefix, every part of the who and how it is read, shape),
 * so a collision of hashes costs a digest and never names another's bucket.
 */
final class RecentTiers {
  /** A power of two; some 200 KB per event loop when full. */
  private static final int SLOTS = 1024;

  /** Longer identities are digested each time: the table's memory is bounded in bytes as well. */
  private static final int WHO_BOUND = 256;

  private static final FastThreadLocal<RecentTiers> HERE =
      new FastThreadLocal<>() {
        @Override
        protected RecentTiers initialValue() {
          return new RecentTiers();
        }
      };

  private record Met(String prefix, Who who, Tier tier) {
    boolean is(String prefix, Who who, BucketShape shape) {
      return this.who.is(who) && this.prefix.equals(prefix) && tier.shape().equals(shape);
    }
  }

  private final @Nullable Met[] met = new @Nullable Met[SLOTS];

  /** Returns the table of the thread that asks. */
  static RecentTiers here() {
    return HERE.get();
  }

  @Nullable Tier find(String prefix, Who who, BucketShape shape) {
    Met there = met[slot(prefix, who)];
    return there != null && there.is(prefix, who, shape) ? there.tier() : null;
  }

  void keep(String prefix, Who who, Tier tier) {
    if (who.length() <= WHO_BOUND) {
      met[slot(prefix, who)] = new Met(prefix, who, tier);
    }
  }

  private static int slot(String prefix, Who who) {
    int hash = 31 * prefix.hashCode() + who.hash();
    return (hash ^ hash >>> 10 ^ hash >>> 20) & SLOTS - 1;
  }
}
