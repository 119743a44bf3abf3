package dev.weir.gateway.jwt;

import java.util.HashSet;
import java.util.Set;

/**
 * The proofs that this process has seen of late. It refuses a proof that comes again to the same
 * gateway without asking anybody, and it is what is left while the shared ledger is away.
 *
 * <p>Two sets, each filled for one span and forgotten after the next, so that every name is held
 * for one span at least; at most {@code bound} names in each. O(1); a lock, held for one look-up,
 * that only requests with a proof take.
 */
final class SeenProofs {

  /** What a look at the names led to. */
  enum Sighting {
    FIRST,
    AGAIN,
    /** There is no room to note it: whether it comes again is not to be known here. */
    FULL
  }

  private final long spanSeconds;
  private final int bound;

  // Guarded by this.
  private Set<String> young = new HashSet<>();
  private Set<String> old = Set.of();
  private long turnedSeconds;

  SeenProofs(long spanSeconds, int bound) {
    this.spanSeconds = spanSeconds;
    this.bound = bound;
  }

  synchronized Sighting see(String name, long nowSeconds) {
    turn(nowSeconds);
    if (young.contains(name) || old.contains(name)) {
      return Sighting.AGAIN;
    }
    if (young.size() >= bound) {
      return Sighting.FULL;
    }
    young.add(name);
    return Sighting.FIRST;
  }

  private void turn(long nowSeconds) {
    long age = nowSeconds - turnedSeconds;
    if (age >= 0 && age < spanSeconds) {
      return;
    }
    old = age < 2 * spanSeconds && age >= 0 ? young : Set.of();
    young = new HashSet<>();
    turnedSeconds = nowSeconds;
  }
}
