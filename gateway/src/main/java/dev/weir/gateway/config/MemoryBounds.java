package dev.weir.gateway.config;

/**
 * The bounds that follow from the heap where a setting names no other: what clients may hold must
 * fit beside what the gateway needs, whatever heap it is given.
 *
 * <p>A request in flight costs some 10 KiB, and with the largest head that ingress takes some 50. A
 * connection that does nothing costs some 10 KiB of heap, and as much outside of it for TLS. A head
 * that has begun takes up to four times its bytes.
 */
final class MemoryBounds {
  private static final int PER_REQUEST = 64 * 1024;
  private static final int PER_CONNECTION = 48 * 1024;
  private static final int HEADS_SHARE = 32;
  private static final int ANSWERS_SHARE = 24;

  private MemoryBounds() {}

  /** Returns how many requests may be in flight in a heap of so many bytes. */
  static int requests(long heap) {
    return within(heap / PER_REQUEST, 512, 20_000);
  }

  /** Returns how many connections of clients may be open. */
  static int connections(long heap) {
    return within(heap / PER_CONNECTION, 512, 100_000);
  }

  /** Returns how many bytes of unfinished heads may wait, over all connections. */
  static long unfinishedHeads(long heap) {
    return Math.max(1024 * 1024, heap / HEADS_SHARE);
  }

  /** Returns how many bytes last good answers may take, copies under way included. */
  static int keptAnswers(long heap) {
    return within(heap / ANSWERS_SHARE, 1024 * 1024, 8 * 1024 * 1024);
  }

  /** Returns how many bytes a setting may give to them: more would crowd out requests. */
  static int mostKeptAnswers(long heap) {
    return within(heap / 4, 1024 * 1024, 1024 * 1024 * 1024);
  }

  private static int within(long value, int least, int most) {
    return Math.clamp(value, least, most);
  }
}
