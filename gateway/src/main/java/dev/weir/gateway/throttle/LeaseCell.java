package dev.weir.gateway.throttle;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** The one place of one bucket's {@link LeaseState}, shared by all event loops. */
final class LeaseCell {
  static final long NOT_LENT = 0;

  private final Tier tier;
  private final BucketShape shape;
  private final long lessee;
  private final boolean leasable;

  // One immutable state, replaced by compare-and-set of a pure transition, which publishes it
  // safely. Whoever loses the race reads the winner's state and decides anew.
  private final AtomicReference<LeaseState> state = new AtomicReference<>(LeaseState.NEW);

  LeaseCell(Tier tier, long lessee) {
    this.tier = tier;
    this.shape = tier.shape();
    this.lessee = lessee;
    this.leasable = shape.leaseBound() >= LeaseState.LEAST_DEMAND;
  }

  Tier tier() {
    return tier;
  }

  /** Returns whether the bucket is large and fast enough to lease from at all. */
  boolean isLeasable() {
    return leasable;
  }

  Flight flight() {
    return state.get().flight();
  }

  LeaseState.Standing standing(long now) {
    return state.get().standing(now);
  }

  TierState describe(boolean allowed, long now) {
    return state.get().describe(allowed, now);
  }

  /** Spends a token, if there is one here. */
  boolean spend(long now, int uses) {
    while (true) {
      LeaseState held = state.get();
      if (held.holding().spendable(now) == 0) {
        return false;
      }
      if (state.compareAndSet(held, held.spent(now, uses))) {
        return true;
      }
    }
  }

  /** Lends a token to a request that is not decided yet; names the lease, or {@link #NOT_LENT}. */
  long lend(long now, int uses) {
    while (true) {
      LeaseState held = state.get();
      if (held.holding().spendable(now) == 0) {
        return NOT_LENT;
      }
      if (state.compareAndSet(held, held.lentOne(now, uses))) {
        return held.holding().lease();
      }
    }
  }

  void settle(long lease) {
    state.updateAndGet(held -> held.holds(held.holding().settled(lease)));
  }

  void giveBack(long lease) {
    state.updateAndGet(held -> held.holds(held.holding().givenBack(lease)));
  }

  void noteAsked(long now) {
    state.updateAndGet(held -> held.asked(now));
  }

  /** Begins a request's draw, unless there is a token or a flight by now: then there is none. */
  Flight beginDraw(long now, int uses) {
    while (true) {
      LeaseState held = state.get();
      if (held.standing(now) != LeaseState.Standing.EMPTY) {
        return Flight.NONE;
      }
      LeaseState next = held.drawing(shape, lessee, now, uses);
      if (state.compareAndSet(held, next)) {
        return next.flight();
      }
    }
  }

  boolean runsLow(long now) {
    return leasable && state.get().runsLow(shape, now);
  }

  Flight beginPrefetch(long now) {
    LeaseState held = state.get();
    if (!held.runsLow(shape, now)) {
      return Flight.NONE;
    }
    // Whoever changed the state in between will find it as low.
    return begin(held, held.prefetching(shape, lessee, now));
  }

  /** Begins to give back what is not going to be used. */
  Flight beginReturn(long now) {
    LeaseState held = state.get();
    int idle = held.idle(shape, now);
    return idle == 0 || held.flight() != Flight.NONE
        ? Flight.NONE
        : begin(held, held.returning(idle, lessee, now));
  }

  /** Begins to give everything back, flight or not: nobody will spend it here. */
  Flight beginLastReturn(long now) {
    while (true) {
      LeaseState held = state.get();
      int rest = held.holding().spendable(now);
      if (rest == 0) {
        return Flight.NONE;
      }
      LeaseState next = held.returning(rest, lessee, now);
      if (state.compareAndSet(held, next)) {
        return next.flight();
      }
    }
  }

  private Flight begin(LeaseState held, LeaseState next) {
    return state.compareAndSet(held, next) ? next.flight() : Flight.NONE;
  }

  void land(Flight flight, Drawn drawn, long now) {
    state.updateAndGet(held -> held.landed(flight, drawn, shape, now));
  }

  void ground(Flight flight) {
    state.updateAndGet(held -> held.grounded(flight));
  }

  /** Ends a lease that has run out; returns how many tokens were lost with it. */
  int expire(long now) {
    UnaryOperator<LeaseState> sweep = held -> held.holds(held.holding().at(now));
    Holding before = state.getAndUpdate(sweep).holding();
    return now >= before.expiresMillis() ? before.unspent() : 0;
  }

  boolean holdsTokens() {
    return state.get().holding().unspent() > 0;
  }

  /** Notes what a draw said that asked for one token only. */
  void note(Drawn drawn, long now) {
    Told newer = drawn.had() ? Told.of(drawn, now) : Told.dry(drawn, shape, now);
    state.updateAndGet(held -> held.told(newer));
  }
}
