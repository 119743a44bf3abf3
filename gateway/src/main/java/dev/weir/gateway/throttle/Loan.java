package dev.weir.gateway.throttle;

/**
 * Tokens of a lease that are lent to a request which is not decided yet.
 *
 * @param lease names the lease; what was lent of one that has run out is not given back
 */
record Loan(long lease, int tokens) {
  static final Loan NONE = new Loan(LeaseCell.NOT_LENT, 0);
}
