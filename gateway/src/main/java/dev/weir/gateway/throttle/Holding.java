package dev.weir.gateway.throttle;

/**
 * The tokens of a lease that are here.
 *
 * <p>They leave {@code unspent} in two ways. Where a request is decided at once they are spent.
 * Where it has to wait for another tier they are {@code lent}, still reported as held, and then
 * spent or given back: a request that is refused takes nothing.
 *
 * @param lease counts leases; what is lent of one that has run out is not given back
 * @param expiresMillis when the lease ends here, which is before the store lets go of it
 */
record Holding(long lease, long expiresMillis, int unspent, int lent) {
  private static final long LONG_AGO = Long.MIN_VALUE / 2;

  static final Holding NOTHING = new Holding(1, LONG_AGO, 0, 0);

  int spendable(long nowMillis) {
    return nowMillis < expiresMillis ? unspent : 0;
  }

  Holding lent(int tokens) {
    return new Holding(lease, expiresMillis, unspent - tokens, lent + tokens);
  }

  Holding settled(long ofLease, int tokens) {
    return ofLease == lease ? new Holding(lease, expiresMillis, unspent, lent - tokens) : this;
  }

  Holding givenBack(long ofLease, int tokens) {
    return ofLease == lease
        ? new Holding(lease, expiresMillis, unspent + tokens, lent - tokens)
        : this;
  }

  /** Spent, or on their way back: they are not held any longer. */
  Holding without(int tokens) {
    return new Holding(lease, expiresMillis, unspent - tokens, lent);
  }

  Holding grown(long tokens, long untilMillis) {
    return new Holding(lease, untilMillis, Math.toIntExact(unspent + tokens), lent);
  }

  /** A lease that has run out is over: what it still held is lost. */
  Holding at(long nowMillis) {
    boolean over = nowMillis >= expiresMillis && (unspent > 0 || lent > 0);
    return over ? new Holding(lease + 1, LONG_AGO, 0, 0) : this;
  }

  /** Returns what the store has to count on: tokens that may still be spent here. */
  long held() {
    return (long) unspent + lent;
  }
}
