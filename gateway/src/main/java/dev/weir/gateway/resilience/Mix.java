package dev.weir.gateway.resilience;

/**
 * A hash that is the same in every process: gateways have to agree on it, which rules out what is
 * seeded per process. Nothing secret depends on it.
 */
final class Mix {
  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Mix() {}

  /** Hashes a part of a text: FNV-1a over its characters, then mixed. */
  static long of(CharSequence text, int from, int to) {
    long hash = OFFSET;
    for (int i = from; i < to; i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return of(hash);
  }

  static long of(CharSequence text) {
    return of(text, 0, text.length());
  }

  /** Spreads every bit over all others (the finalizer of MurmurHash3). */
  static long of(long bits) {
    long mixed = bits;
    mixed = (mixed ^ (mixed >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
