package dev.weir.gateway.exchange;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What each event loop found of late in a cache that all of them share, so that what is in demand
 * is found without that cache. A bounded cache has to note who is read, in places that all readers
 * write to: where two loops did nothing but look up a known token, each took twice as long as one
 * alone (TokenCacheBench).
 *
 * <p>Per look-up: one hash, one read of a slot, one comparison of keys; no allocation, no write. A
 * table of fixed size for each loop, in which the newcomer takes the place. What is held longer
 * than {@link #FRESH_MILLIS} is to be asked of the shared cache again, which keeps that cache's
 * order of use true enough, and bounds for how long a loop goes on with what the cache has dropped.
 *
 * <p><b>Memory visibility.</b> An entry is immutable, so a slot holds a whole one or none,
 * whichever thread left it there: threads that share a table do no harm. {@link #forget} replaces
 * the tables; who read the old reference before may find an old entry once more.
 *
 * @param <K> the key, whose hash is cheap
 * @param <V> what is found
 */
public final class LoopMemo<K, V> {
  /** For how long what was found is not asked again, in milliseconds. */
  static final long FRESH_MILLIS = 1_000;

  /** A power of two; 2 KiB of references for each loop, once it is used. */
  private static final int SLOTS = 512;

  private record Met<K, V>(K key, V value, long millis) {}

  private volatile Tables<K, V> tables = new Tables<>();

  /** Returns what this loop found under a key of late, or nothing. */
  public @Nullable V find(K key, long nowMillis) {
    AtomicReferenceArray<@Nullable Met<K, V>> mine = tables.here();
    Met<K, V> met = mine == null ? null : mine.getPlain(slot(key));
    // A clock that was set back makes nothing fresh for longer.
    return met != null && Math.abs(nowMillis - met.millis()) < FRESH_MILLIS && met.key().equals(key)
        ? met.value()
        : null;
  }

  /** Keeps what was found, for this loop. */
  public void keep(K key, V value, long nowMillis) {
    tables.make().setPlain(slot(key), new Met<>(key, value, nowMillis));
  }

  /** Forgets everything. */
  public void forget() {
    tables = new Tables<>();
  }

  private static int slot(Object key) {
    int hash = key.hashCode();
    return (hash ^ hash >>> 9 ^ hash >>> 18) & SLOTS - 1;
  }

  /** The tables of all loops, each made when its loop has something to keep. */
  private static final class Tables<K, V> {
    private final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Met<K, V>>> tables =
        new AtomicReferenceArray<>(LoopCounts.size());

    @Nullable AtomicReferenceArray<@Nullable Met<K, V>> here() {
      return tables.get(LoopCounts.own());
    }

    AtomicReferenceArray<@Nullable Met<K, V>> make() {
      AtomicReferenceArray<@Nullable Met<K, V>> there = here();
      if (there != null) {
        return there;
      }
      AtomicReferenceArray<@Nullable Met<K, V>> made = new AtomicReferenceArray<>(SLOTS);
      tables.set(LoopCounts.own(), made);
      return made;
    }
  }
}
