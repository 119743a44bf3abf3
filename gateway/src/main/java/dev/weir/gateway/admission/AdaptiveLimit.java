package dev.weir.gateway.admission;

import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.exchange.Permits;
import dev.weir.gateway.route.Priority;
import io.netty.util.internal.PlatformDependent;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * How many requests this gateway works on at once, and which of them it takes when it cannot take
 * all.
 *
 * <p><b>What runs per request.</b> {@link #tryAcquire}: two reads of what is seldom written, and a
 * step of a count that only this event loop writes; {@link #release}: the same step back. Nothing
 * is allocated. Once in a while a handful of permits is drawn or given back, and only then do loops
 * meet. AdmissionBench: a second loop adds what the machine gives it.
 *
 * <p><b>What is guaranteed.</b> A request is let in only where fewer than its class's limit were in
 * flight, exactly, however many loops ask at once. It is shed only after every idle permit was
 * fetched back: at most as many requests are shed too early as loops drew or released in that very
 * instant. Shedding costs a look at each purse, O(loops).
 *
 * <p><b>Why concurrency and not rate.</b> A rate that is right for cheap requests is wrong for dear
 * ones; the number in flight bounds memory and delay for both (Little's law).
 *
 * <p><b>Why the lag of the event loops is the signal.</b> The limit protects this process, and what
 * this process runs out of first is time on its event loops; memory and connections have a say too
 * ({@link Signal}). The latency of upstreams would make one slow upstream shrink the limit of all
 * others; it is bounded elsewhere, by deadlines, breakers and connection limits.
 *
 * <p><b>Priorities.</b> Each class may fill only a share of the limit, so the lower classes meet a
 * full house first and the highest finds room until the limit itself is reached. Who of a class
 * gets in once it is tight says {@link FullHouse}.
 *
 * <p><b>Memory visibility.</b> {@code limits} is replaced as a whole by one writer, the sampler;
 * readers may see the value of the window before, which is as good.
 */
public final class AdaptiveLimit {
  private static final double[] SHARE = {1.0, 0.9, 0.75, 0.5};
  private static final double AMPLE = 0.7;
  private static final double MOST = 0.9;
  private static final int HANDFULS = 16;
  private static final int HANDFUL_BOUND = 64;

  private final LimitBounds bounds;
  private final Permits permits = new Permits();
  private final AtomicInteger peak = new AtomicInteger();
  private final AtomicBoolean refused = new AtomicBoolean();
  private final FullHouse fullHouse;
  private volatile Limits limits;
  private double limit;

  /** What holds until the next window: the classes' limits, and how many permits to draw ahead. */
  private record Limits(int[] shares, int handful) {}

  /** Starts at the initial limit. */
  public AdaptiveLimit(LimitBounds bounds) {
    this.bounds = bounds;
    this.limit = bounds.initial();
    this.limits = limits(limit);
    this.fullHouse = new FullHouse(this);
  }

  /** Takes a permit where the class still has room; a taken permit must be released once. */
  boolean tryAcquire(Priority priority) {
    Limits now = limits;
    int share = now.shares[priority.ordinal()];
    return (permits.drawn() <= share && permits.takeOwn()) || draw(share, now.handful);
  }

  /** Returns whether so much of what the class may fill is taken that it matters who gets in. */
  boolean isTight(Priority priority) {
    return permits.drawn() > limits.shares[priority.ordinal()] / 2;
  }

  /** Notes that somebody did not get in; writes only the first time in a window. */
  void noteRefused() {
    if (!refused.get()) {
      refused.set(true);
    }
  }

  /** Returns what the class may still take. */
  int free(Priority priority) {
    return limits.shares[priority.ordinal()] - permits.inUse();
  }

  /** Returns who gets in while it is tight. */
  FullHouse fullHouse() {
    return fullHouse;
  }

  private boolean draw(int share, int handful) {
    boolean drawn = permits.draw(handful, share);
    if (!drawn) {
      permits.fetchIdle();
      drawn = permits.draw(1, share);
    }
    peak.accumulateAndGet(permits.inUse(), Math::max);
    return drawn;
  }

  void release() {
    permits.putBack(limits.handful);
  }

  /**
   * Moves the limit after a window; called by one thread only. The peak is of the moments in which
   * permits were drawn, and of now: too low by what was idle in purses, a fifth of the limit or
   * three permits a core at most.
   */
  void adjust(LongSupplier lagNanos) {
    adjustTo(bounds.pressureOf(lagNanos.getAsLong()));
  }

  /** The same by all signals, which it reads. */
  public void adjust(Pressure pressure) {
    adjustTo(pressure.read());
  }

  private void adjustTo(double pressure) {
    int now = permits.inUse();
    int seen = Math.max(now, peak.getAndSet(now));
    limit = bounds.under(pressure, limit, seen, refused.getAndSet(false));
    limits = limits(limit);
  }

  /** Returns the signals by which a limit of this process goes. */
  public Pressure pressure(LoopLag lag, IntSupplier connections, int mostConnections) {
    return new Pressure(
        () -> bounds.pressureOf(lag.drain()),
        HeapSignal.ofProcess(),
        () ->
            Pressure.ofShare(
                (double) PlatformDependent.usedDirectMemory(),
                (double) PlatformDependent.maxDirectMemory(),
                AMPLE,
                MOST),
        // To refuse a request closes no connection: this one only slows growth.
        () -> Math.min(0.9, Pressure.ofShare(connections.getAsInt(), mostConnections, AMPLE, 1)));
  }

  /** Returns the requests in flight now. */
  public int inFlight() {
    return permits.inUse();
  }

  /** Returns how many requests may be in flight when one of this class arrives. */
  public int limit(Priority priority) {
    return limits.shares[priority.ordinal()];
  }

  private Limits limits(double limit) {
    int[] shares = new int[SHARE.length];
    for (int i = 0; i < SHARE.length; i++) {
      shares[i] = Math.max(1, (int) (limit * SHARE[i]));
    }
    int handful = (int) (limit / HANDFULS) / LoopCounts.size();
    return new Limits(shares, Math.clamp(handful, 1, HANDFUL_BOUND));
  }
}
