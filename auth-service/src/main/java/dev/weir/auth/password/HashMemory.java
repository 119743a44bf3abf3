package dev.weir.auth.password;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what imported hashes take of the heap while they are checked. Threads alone do not: each
 * hash may ask for 128 MiB, and as many run at once as there are cores. Whoever comes when it is
 * used up waits a moment in its turn, so that a large one is not passed by small ones for ever, and
 * is refused after that. Our own hashes take none of it: each thread keeps its blocks.
 */
public final class HashMemory {
  private static final int BYTES_PER_PERMIT = 1024;

  /** A quarter of the heap: the rest is for everything else, and for what is not collected yet. */
  private static final int SHARE = 4;

  private final int permits;
  private final Semaphore free;
  private final Duration patience;

  HashMemory(long bytes, Duration patience) {
    this.permits = (int) Math.min(Integer.MAX_VALUE, bytes / BYTES_PER_PERMIT);
    this.free = new Semaphore(permits, true);
    this.patience = patience;
  }

  /** Takes its share of a heap, but room for one hash at least, whatever it may ask for. */
  public static HashMemory of(long heapBytes) {
    long share = Math.max(heapBytes / SHARE, ForeignHash.MOST_MEMORY);
    return new HashMemory(share, Duration.ofSeconds(1));
  }

  /** Does work that needs so many bytes, on a thread that may wait. */
  <T> T with(long bytes, Callable<T> work) throws Exception {
    int needed = (int) Math.min(permits, bytes / BYTES_PER_PERMIT);
    if (needed == 0) {
      // The queue is fair: whoever asks it for nothing waits as well.
      return work.call();
    }
    if (!free.tryAcquire(needed, patience.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new Exhausted();
    }
    try {
      return work.call();
    } finally {
      free.release(needed);
    }
  }

  boolean hasWaiting() {
    return free.hasQueuedThreads();
  }

  /** There was no memory in time; an expected outcome, so it has no stack. */
  static final class Exhausted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exhausted() {
      super("no memory for an imported hash", null, false, false);
    }
  }
}
