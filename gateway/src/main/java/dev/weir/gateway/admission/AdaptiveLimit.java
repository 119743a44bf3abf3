package dev.weir.gateway.admission;

import dev.weir.gateway.route.Priority;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * How many requests this gateway works on at once, and which of them it takes when it cannot take
 * all.
 *
 * <p><b>What runs per request.</b> {@link #tryAcquire}: one read of an immutable array, one atomic
 * increment; {@link #release}: one decrement. Nothing is allocated.
 *
 * <p><b>Why concurrency and not rate.</b> A rate that is right for cheap requests is wrong for dear
 * ones; the number in flight bounds memory and delay for both (Little's law).
 *
 * <p><b>Why the lag of the event loops is the signal.</b> The limit protects this process, and what
 * this process runs out of is time on its event loops. The latency of upstreams would make one slow
 * upstream shrink the limit of all others; it is bounded elsewhere, by deadlines, breakers and
 * connection limits.
 *
 * <p><b>Priorities.</b> Each class may fill only a share of the limit, so the lower classes meet a
 * full house first and the highest finds room until the limit itself is reached.
 *
 * <p><b>Memory visibility.</b> {@code limits} is replaced as a whole by one writer, the sampler;
 * readers may see the array of the window before, which is as good. {@code inFlight} is atomic.
 */
public final class AdaptiveLimit {
  private static final double[] SHARE = {1.0, 0.9, 0.75, 0.5};

  private final LimitBounds bounds;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger peak = new AtomicInteger();
  private volatile int[] limits;
  private double limit;

  /** Starts at the initial limit. */
  public AdaptiveLimit(LimitBounds bounds) {
    this.bounds = bounds;
    this.limit = bounds.initial();
    this.limits = shares(limit);
  }

  /** Takes a permit where the class still has room; a taken permit must be released once. */
  boolean tryAcquire(Priority priority) {
    int now = inFlight.incrementAndGet();
    if (now > limits[priority.ordinal()]) {
      inFlight.decrementAndGet();
      return false;
    }
    if (now > peak.getPlain()) {
      // A lost race leaves the peak a little low for one window; exactness is not worth a loop
      // here.
      peak.setPlain(now);
    }
    return true;
  }

  void release() {
    inFlight.decrementAndGet();
  }

  /** Moves the limit after a window; called by one thread only. */
  public void adjust(LongSupplier lagNanos) {
    int seen = peak.getAndSet(inFlight.get());
    limit = bounds.next(limit, seen, lagNanos.getAsLong());
    limits = shares(limit);
  }

  /** Returns the requests in flight now. */
  public int inFlight() {
    return inFlight.get();
  }

  /** Returns how many requests may be in flight when one of this class arrives. */
  public int limit(Priority priority) {
    return limits[priority.ordinal()];
  }

  private static int[] shares(double limit) {
    int[] shares = new int[SHARE.length];
    for (int i = 0; i < SHARE.length; i++) {
      shares[i] = Math.max(1, (int) (limit * SHARE[i]));
    }
    return shares;
  }
}
