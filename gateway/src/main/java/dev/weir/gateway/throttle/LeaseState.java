package dev.weir.gateway.throttle;

/**
 * All that this instance knows of one bucket: an immutable value, and what becomes of it.
 *
 * @param reports counts reports, so that the store can tell an older from a newer one
 * @param flight the report under way, or {@link Flight#NONE}
 */
record LeaseState(Holding holding, long reports, Told told, Demand demand, Flight flight) {
  /**
   * A lease holds for 1 s from when the script runs; here it is counted from before the call was
   * sent, and less a margin for clocks that run at different speeds.
   */
  static final long USABLE_MILLIS = BucketStore.LEASE.toMillis() * 95 / 100;

  static final LeaseState NEW =
      new LeaseState(Holding.NOTHING, 0, Told.NOTHING, Demand.NONE, Flight.NONE);

  /** Fewer than this in a quarter of a second are drawn one by one, as they come. */
  static final long LEAST_DEMAND = 3;

  /**
   * For how many windows of its demand a key leases ahead: 750 ms of the 950 that a lease can be
   * spent. So a busy key far below its limit costs three calls in two seconds, whatever its rate.
   */
  private static final int WINDOWS_AHEAD = 3;

  /** The part of the largest lease above which giving back is worth a call. */
  private static final int WORTH_A_CALL = 32;

  /** What a request finds. */
  enum Standing {
    /** What it takes is here. */
    READY,
    /** It is not, and a draw is under way. */
    FLYING,
    /** It is not, and was not in the store just now. */
    DRY,
    /** It is not, and nobody has asked yet. */
    EMPTY
  }

  Standing standing(int weight, long now) {
    int missing = weight - holding.spendable(now);
    if (missing <= 0) {
      return Standing.READY;
    }
    if (told.isDry(missing, now)) {
      return Standing.DRY;
    }
    return flight == Flight.NONE ? Standing.EMPTY : Standing.FLYING;
  }

  /** Describes the bucket to a client that was let pass, with what is left of the lease. */
  TierState allowed(BucketShape shape, long now) {
    long wait = told.waitMillis(told.credit() + 1, shape, now);
    return new TierState(true, told.credit() + holding.spendable(now), wait);
  }

  /** Describes the bucket to a client that asked for more than it holds. */
  TierState refused(int weight, BucketShape shape, long now) {
    int here = holding.spendable(now);
    return new TierState(
        false, told.credit() + here, told.waitMillis((long) weight - here, shape, now));
  }

  LeaseState spent(int weight, long now, int uses) {
    return new LeaseState(holding.without(weight), reports, told, demand.used(now, uses), flight);
  }

  LeaseState lent(int tokens, long now, int uses) {
    return new LeaseState(holding.lent(tokens), reports, told, demand.used(now, uses), flight);
  }

  LeaseState asked(int weight, long now) {
    return new LeaseState(holding, reports, told, demand.used(now, weight), flight);
  }

  LeaseState holds(Holding changed) {
    return new LeaseState(changed, reports, told, demand, flight);
  }

  LeaseState told(Told newer) {
    return new LeaseState(holding, reports, newer, demand, flight);
  }

  /**
   * Puts together the draw of a request: its own tokens come straight from the bucket, and what its
   * like will ask for in the next three quarters of a second is leased.
   */
  LeaseState drawing(BucketShape shape, long lessee, int weight, long now, int uses) {
    Demand lately = demand.used(now, uses);
    Holding here = holding.at(now);
    long target = target(shape, lately, now);
    long want = target == 0 ? 0 : Math.max(0, target - weight - here.unspent());
    return flying(here, lately, new Draw.Report(lessee, reports + 1, here.held(), want, 0), now);
  }

  /** Returns whether a lease in use runs low, so that more should be on its way by then. */
  boolean runsLow(BucketShape shape, long now) {
    return flight == Flight.NONE
        && demand.perWindow(now) >= LEAST_DEMAND
        && demand.lasts(now)
        && !told.isDry(1, now)
        && holding.spendable(now) <= Math.min(shape.leaseBound(), demand.perWindow(now)) / 4;
  }

  LeaseState prefetching(BucketShape shape, long lessee, long now) {
    Holding here = holding.at(now);
    long want = Math.max(0, target(shape, demand, now) - here.unspent());
    return flying(here, demand, new Draw.Report(lessee, reports + 1, here.held(), want, 0), now);
  }

  private static long target(BucketShape shape, Demand lately, long now) {
    long window = lately.perWindow(now);
    return window < LEAST_DEMAND ? 0 : Math.min(shape.leaseBound(), WINDOWS_AHEAD * window);
  }

  /**
   * Returns how many tokens will not be used before the lease ends, as far as demand tells; none if
   * they are less than what flows in within 8 ms, which is not worth a call.
   */
  int idle(BucketShape shape, long now) {
    long use = demand.perWindow(now) * (holding.expiresMillis() - now) / Demand.WINDOW_MILLIS;
    long rest = holding.spendable(now) - Math.max(0, use);
    return rest > shape.leaseBound() / WORTH_A_CALL ? (int) rest : 0;
  }

  /** Puts together a report that gives tokens back. */
  LeaseState returning(int tokens, long lessee, long now) {
    Holding rest = holding.without(tokens);
    return flying(rest, demand, new Draw.Report(lessee, reports + 1, rest.held(), 0, tokens), now);
  }

  private LeaseState flying(Holding here, Demand lately, Draw.Report report, long now) {
    return new LeaseState(here, report.number(), told, lately, new Flight(report, now));
  }

  /** The store has done what the flight asked: the lease is longer and larger. */
  LeaseState landed(Flight landing, Drawn drawn, BucketShape shape, long now) {
    if (landing != flight) {
      return this;
    }
    boolean dry = drawn.remaining() <= 0 && drawn.leased() < landing.report().want();
    return new LeaseState(
        holding.grown(drawn.leased(), landing.sentMillis() + USABLE_MILLIS),
        reports,
        dry ? Told.dry(drawn, 1, shape, now) : Told.of(drawn, now),
        demand,
        Flight.NONE);
  }

  /** The store has done nothing, or nobody knows: what is here keeps its old end. */
  LeaseState grounded(Flight lost) {
    return lost == flight ? new LeaseState(holding, reports, told, demand, Flight.NONE) : this;
  }
}
