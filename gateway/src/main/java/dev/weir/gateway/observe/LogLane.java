package dev.weir.gateway.observe;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one thread on their way to the writer, bounded in number and in bytes: lines are as
 * long as a client makes its path.
 *
 * <p><b>Memory visibility.</b> One thread offers and one polls. Each counts the bytes of its own
 * side; the queue publishes the lines.
 */
final class LogLane {
  private static final int MOST_LINES = 8_192;
  private static final long MOST_BYTES = 4L * 1024 * 1024;

  private final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(MOST_LINES);
  // Of the thread that offers.
  private long offered;
  // Of the thread that polls; the other may see it late, which leaves less room and no more.
  private final AtomicLong polled = new AtomicLong();

  /** Returns false where there is no room. */
  boolean offer(byte[] line) {
    if (offered - polled.get() + line.length > MOST_BYTES || !lines.offer(line)) {
      return false;
    }
    offered += line.length;
    return true;
  }

  byte @Nullable [] poll() {
    byte[] line = lines.poll();
    if (line != null) {
      polled.lazySet(polled.get() + line.length);
    }
    return line;
  }
}
