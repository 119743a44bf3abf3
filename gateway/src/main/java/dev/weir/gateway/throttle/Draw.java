package dev.weir.gateway.throttle;

/**
 * What one call asks of one bucket.
 *
 * @param need tokens for the request that asks; 0 where the call only tends a lease
 * @param report what becomes of the caller's lease; {@link Report#NONE} where it has none
 */
public record Draw(Tier tier, int need, Report report) {

  /** Checks the bounds. */
  public Draw {
    if (need < 0) {
      throw new IllegalArgumentException("need must be 0 or more: " + need);
    }
  }

  /**
   * A lessee's word about its lease. It says what is held now and not what was spent since, so that
   * a call whose fate is unknown need not be told of again.
   *
   * @param lessee names the lease within this process
   * @param number grows with each report of the lessee; 0 says nothing about a lease
   * @param held tokens that may still be spent here; with a number of 0, such as were spent
   * @param want tokens asked for on top
   * @param returned tokens of the lease that are not held any longer and were not spent
   */
  public record Report(long lessee, long number, long held, long want, long returned) {

    /** Says nothing about a lease. */
    public static final Report NONE = new Report(0, 0, 0, 0, 0);

    /** Checks the bounds. */
    public Report {
      if (number < 0 || held < 0 || want < 0 || returned < 0) {
        throw new IllegalArgumentException("a report has no negative numbers");
      }
    }
  }

  /**
   * Takes tokens that were spent already, and are owed where the bucket does not hold them; it owes
   * its capacity at most.
   */
  static Draw spent(Tier tier, long tokens) {
    return new Draw(tier, 0, new Report(0, 0, tokens, 0, 0));
  }

  /** Takes a token for one request and leases nothing. */
  public static Draw one(Tier tier) {
    return new Draw(tier, 1, Report.NONE);
  }
}
