package dev.weir.gateway.control;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of heads that have begun and not ended, over all connections: ten thousand
 * clients that each hold back the last line of 16 KiB must not fill the heap. Only a head that does
 * not come in one read counts, so most never do. Any thread.
 */
final class UnfinishedHeads {
  private final long most;
  private final AtomicLong held = new AtomicLong();

  /** Takes up to {@code most} bytes. */
  UnfinishedHeads(long most) {
    this.most = most;
  }

  /** Takes so many bytes, or none. */
  boolean take(int bytes) {
    if (held.addAndGet(bytes) <= most) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /** Gives back what was taken. */
  void give(int bytes) {
    held.addAndGet(-bytes);
  }
}
