package dev.weir.gateway.observe;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one thread on their way to the writer, bounded in number and in bytes: lines are as
 * long as a client makes its path.
 *
 * <p>A ring without a lock, for one thread that offers and one that polls. Per line: one write and
 * one read of a slot on either side. The two meet in a slot only where the ring is nearly empty or
 * full; with a queue that has a lock the writer took it from the event loop for every line.
 *
 * <p><b>Memory visibility.</b> A slot that is set releases its line to whoever reads the slot; one
 * that is cleared gives the slot back the same way. Each side alone counts its own steps and bytes.
 */
final class LogLane {
  /** A power of two. */
  private static final int MOST_LINES = 8_192;

  private static final long MOST_BYTES = 4L * 1024 * 1024;

  private final AtomicReferenceArray<byte @Nullable []> slots =
      new AtomicReferenceArray<>(MOST_LINES);
  // Of the thread that offers.
  private int head;
  private long offered;
  // Of the thread that polls; the other may see the bytes late, which leaves less room and no more.
  private final AtomicLong polled = new AtomicLong();
  private int tail;

  /** Returns false where there is no room. */
  boolean offer(byte[] line) {
    int slot = head & MOST_LINES - 1;
    if (offered - polled.get() + line.length > MOST_BYTES || slots.getAcquire(slot) != null) {
      return false;
    }
    slots.setRelease(slot, line);
    head++;
    offered += line.length;
    return true;
  }

  byte @Nullable [] poll() {
    int slot = tail & MOST_LINES - 1;
    byte[] line = slots.getAcquire(slot);
    if (line != null) {
      slots.setRelease(slot, null);
      tail++;
      polled.setRelease(polled.getPlain() + line.length);
    }
    return line;
  }
}
