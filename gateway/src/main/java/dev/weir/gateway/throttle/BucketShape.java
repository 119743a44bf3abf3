package dev.weir.gateway.throttle;

import dev.weir.gateway.route.Limit;

/**
 * The arithmetic of one token bucket, in whole numbers only.
 *
 * <p>Credit is counted in shares of a token such that one millisecond brings a whole number of
 * them: a token is {@code unit} shares, a millisecond brings {@code refill}. Refill is therefore
 * continuous and exact for any window, 5 per 100 ms as well as 1 per 31 days, and no rounding can
 * add up to a token too many. (A double per token drifts; whole tokens arrive in steps.)
 *
 * <p>The script in {@code redis} does the same sums by the microsecond, in thousandths of a share,
 * and in doubles, which are exact up to 2^53; only limits like a burst of 10,000 over a month of
 * odd milliseconds come near, and are then off by far less than one token.
 *
 * @param unit shares in a token
 * @param refill shares that a millisecond brings
 * @param capacity shares that the bucket holds at most
 */
public record BucketShape(long unit, long refill, long capacity) {

  /** What a bucket holds. */
  record Level(long credit, long atMillis) {}

  /** Checks the bounds. */
  public BucketShape {
    if (unit < 1 || refill < 1 || capacity < unit) {
      throw new IllegalArgumentException("not a bucket: " + unit + " " + refill + " " + capacity);
    }
  }

  /** Returns the shape of a limit. */
  static BucketShape of(Limit limit) {
    return of(limit.tokens(), limit.window().toMillis(), limit.burst());
  }

  /**
   * Returns the shape of one instance's share of a limit: the rate is divided exactly, the burst
   * rounded down, but what a request costs at least, or the instance would let nobody pass.
   */
  static BucketShape share(Limit limit, int instances) {
    long windowMillis = Math.multiplyExact(limit.window().toMillis(), (long) instances);
    return of(
        limit.tokens(), windowMillis, Math.max(limit.cost().heaviest(), limit.burst() / instances));
  }

  private static BucketShape of(long tokens, long windowMillis, long burst) {
    long divisor = greatestCommonDivisor(tokens, windowMillis);
    long unit = windowMillis / divisor;
    return new BucketShape(unit, tokens / divisor, Math.multiplyExact(burst, unit));
  }

  /** Returns the full bucket, which is where every key starts. */
  Level full(long nowMillis) {
    return new Level(capacity, nowMillis);
  }

  /**
   * Returns what the bucket holds now. A clock that steps back brings nothing and costs nothing.
   */
  Level refilled(Level held, long nowMillis) {
    long elapsed = nowMillis - held.atMillis();
    if (elapsed <= 0) {
      return held;
    }
    long missing = capacity - held.credit();
    if (elapsed > missing / refill) {
      return full(nowMillis);
    }
    return new Level(held.credit() + elapsed * refill, nowMillis);
  }

  /** Returns what is left after taking tokens; the caller has seen that they are there. */
  Level taken(Level level, int tokens) {
    return new Level(level.credit() - tokens * unit, level.atMillis());
  }

  /** Returns the level with tokens given back. */
  Level returned(Level level, int tokens) {
    return new Level(Math.min(capacity, level.credit() + tokens * unit), level.atMillis());
  }

  /** Returns whether there are so many tokens to take. */
  boolean holds(Level level, int tokens) {
    return level.credit() >= tokens * unit;
  }

  /** Describes a level to a client that was let pass, after the decision. */
  TierState allowed(Level level) {
    return describe(true, level, unit - level.credit() % unit);
  }

  /** Describes a level to a client that asked for more than it holds. */
  TierState refused(Level level, int tokens) {
    return describe(false, level, tokens * unit - level.credit());
  }

  private TierState describe(boolean allowed, Level level, long missing) {
    return new TierState(allowed, level.credit() / unit, (missing + refill - 1) / refill);
  }

  /** Returns how long so many tokens take to flow in. */
  long inflowMillis(long tokens) {
    return tokens <= 0 ? 0 : (tokens * unit + refill - 1) / refill;
  }

  /**
   * Returns how many tokens one instance leases at most: a quarter of the capacity, and what flows
   * in within 250 ms.
   */
  long leaseBound() {
    long inflow = (Demand.WINDOW_MILLIS * refill + unit - 1) / unit;
    return Math.min(capacity / unit / 4, inflow);
  }

  /** Returns how long an eighth of the capacity takes to flow in, 100 ms at most. */
  long pauseMillis() {
    return Math.min(100, capacity / 8 / refill);
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }
}
