package dev.weir.gateway.throttle;

/**
 * One bucket's part in a call that is about to be made.
 *
 * @param need tokens that the request needs beyond what it was lent here
 * @param flight what it reports of the lease; {@link Flight#NONE} where it only takes a token
 */
record Departure(LeaseCell cell, int need, Flight flight) {

  Draw draw() {
    return new Draw(cell.tier(), need, flight.report());
  }

  boolean isAgreed(Drawn drawn) {
    return need == 0 || drawn.had();
  }

  /** The call was carried out. */
  void arrived(Drawn drawn, long now) {
    if (flight == Flight.NONE) {
      cell.note(drawn, need, now);
    } else {
      cell.land(flight, drawn, now);
    }
  }

  /** The store answered, but did nothing, as one of the tiers had no token. */
  void declined(Drawn drawn, long now) {
    cell.note(drawn, need, now);
    cell.ground(flight);
  }

  /** Nobody knows what became of the call, or it was never made. */
  void dropped() {
    cell.ground(flight);
  }
}
