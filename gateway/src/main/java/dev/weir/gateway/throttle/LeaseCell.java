package dev.weir.gateway.throttle;

import java.util.OptionalLong;
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

  LeaseState.Standing standing(int weight, long now) {
    return state.get().standing(weight, now);
  }

  TierState allowed(long now) {
    return state.get().allowed(shape, now);
  }

  TierState refused(int weight, long now) {
    return state.get().refused(weight, shape, now);
  }

  /** Spends what a request weighs, if it is here. */
  boolean spend(int weight, long now, int uses) {
    while (true) {
      LeaseState held = state.get();
      if (held.holding().spendable(now) < weight) {
        return false;
      }
      if (state.compareAndSet(held, held.spent(weight, now, uses))) {
        return true;
      }
    }
  }

  /** Lends all of it to a request that is not decided yet; names the lease, or NOT_LENT. */
  long lend(int weight, long now, int uses) {
    while (true) {
      LeaseState held = state.get();
      if (held.holding().spendable(now) < weight) {
        return NOT_LENT;
      }
      if (state.compareAndSet(held, held.lent(weight, now, uses))) {
        return held.holding().lease();
      }
    }
  }

  /**
   * Lends as much of it as is here. It is counted as a use only if that is all of it: else the draw
   * of the rest counts.
   */
  Loan lendUpTo(int weight, long now, int uses) {
    while (true) {
      LeaseState held = state.get();
      int tokens = Math.min(weight, held.holding().spendable(now));
      if (tokens == 0) {
        return Loan.NONE;
      }
      LeaseState next = held.lent(tokens, now, tokens == weight ? uses : 0);
      if (state.compareAndSet(held, next)) {
        return new Loan(held.holding().lease(), tokens);
      }
    }
  }

  void settle(long lease, int tokens) {
    state.updateAndGet(held -> held.holds(held.holding().settled(lease, tokens)));
  }

  void giveBack(long lease, int tokens) {
    state.updateAndGet(held -> held.holds(held.holding().givenBack(lease, tokens)));
  }

  void noteAsked(int weight, long now) {
    state.updateAndGet(held -> held.asked(weight, now));
  }

  /**
   * Begins the draw of what a request misses, unless that is here or a flight is under way by now:
   * then there is none.
   */
  Flight beginDraw(int missing, long now, int uses) {
    while (true) {
      LeaseState held = state.get();
      if (held.standing(missing, now) != LeaseState.Standing.EMPTY) {
        return Flight.NONE;
      }
      LeaseState next = held.drawing(shape, lessee, missing, now, uses);
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

  /** Returns what the store holds by now as far as is known here; nothing where it never said. */
  OptionalLong credit(long now) {
    Told told = state.get().told();
    return told.equals(Told.NOTHING)
        ? OptionalLong.empty()
        : OptionalLong.of(told.creditAt(shape, now));
  }

  /** Notes what a draw said that asked for the tokens of a request only. */
  void note(Drawn drawn, int need, long now) {
    Told newer = drawn.had() ? Told.of(drawn, now) : Told.dry(drawn, need, shape, now);
    state.updateAndGet(held -> held.told(newer));
  }
}
