package dev.weir.gateway.throttle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * The shared buckets as one instance uses them: a key in demand is served from a lease, tokens
 * drawn ahead from the store, and costs a few calls a second; any other costs a call per request.
 *
 * <p><b>Why the ceiling is exact.</b> Let L be the level of an ideal bucket from which each token
 * is taken when its request is let pass, C its capacity, c the credit in the store, u the tokens
 * that instances may still spend, o what the store believes they may. Always u &lt;= o, because a
 * report says what is still held, and an instance stops spending before the store lets go of a
 * lease. And c + o &lt;= C, because what flows in is bounded by it. Then c + u &lt;= L: while L is
 * below C it grows by the refill, and c by no more; while L = C there is c + u &lt;= c + o &lt;= C.
 * A use lowers both sides by what it weighs, a grant or a return moves tokens between c and u, a
 * report or an expiry lowers o only. So nothing passes that the ideal bucket would not hold,
 * whatever is leased, lost, late or crashed. The detail that it hangs on: time that has passed is
 * filled up with the leases outstanding then, before a report or an expiry makes room.
 *
 * <p><b>What it may cost.</b> A crashed instance costs its lease: a quarter of the capacity and 250
 * ms of the rate at most. What will not be used goes back ({@link LeaseSweep}), so that bursts with
 * pauses between lose nothing.
 *
 * <p>Per request and tier with a token here: one cache look-up, one new {@link LeaseState} with its
 * {@link Holding} and {@link Demand}, one compare-and-set; no call, no wait, O(1). Two of them for
 * all tiers but the last, as a token is lent until every tier agrees. A refusal while a bucket is
 * known to be dry writes nothing. BucketBench: 0.12 us by one limit, 0.23 by two; loops that serve
 * one and the same caller share its state and hinder each other. BucketsBench, two cores shared
 * with the server: 0.5 to 0.9 us a decision by one limit, 0.9 to 1 by two, the exchange and the
 * digests included; 20 of a million requests wait.
 */
final class LeasedBuckets {
  private final LeaseCells cells;
  private final LeaseTraffic traffic;

  LeasedBuckets(LeaseCells cells, LeaseTraffic traffic) {
    this.cells = cells;
    this.traffic = traffic;
  }

  /**
   * Decides in memory, if every tier has here what the request weighs, or one is known to have it
   * nowhere.
   */
  Optional<List<TierState>> decideHere(List<Tier> tiers, int[] weights) {
    long now = traffic.now();
    return decideHere(cells.of(tiers, now), weights, 1, now);
  }

  /**
   * Decides in memory, if that is possible.
   *
   * @param uses how often the request counts: once, or not again
   */
  Optional<List<TierState>> decideHere(LeaseCell[] found, int[] weights, int uses) {
    return decideHere(found, weights, uses, traffic.now());
  }

  private Optional<List<TierState>> decideHere(
      LeaseCell[] found, int[] weights, int uses, long now) {
    boolean ready = true;
    boolean dry = false;
    for (int i = 0; i < found.length; i++) {
      LeaseState.Standing standing = found[i].standing(weights[i], now);
      ready &= standing == LeaseState.Standing.READY;
      dry |= standing == LeaseState.Standing.DRY;
    }
    if (dry) {
      return refused(found, weights, now);
    }
    return ready ? spend(found, weights, now, uses) : Optional.empty();
  }

  /** Lets a request pass on leases alone, which hold although the store is away. */
  Optional<List<TierState>> spendHere(List<Tier> tiers, int[] weights) {
    long now = traffic.now();
    return traffic.hasLeases() ? spend(cells.of(tiers, now), weights, now, 1) : Optional.empty();
  }

  /**
   * Takes what was spent already: from the leases first, which costs no call, and the rest from the
   * store. While that is away the rest is forgotten.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits; a failure is the store watch's
  void takeSpent(List<Draw> spent) {
    long now = traffic.now();
    List<Departure> departures = new ArrayList<>(spent.size());
    for (Draw each : spent) {
      LeaseCell cell = cells.of(List.of(each.tier()), now)[0];
      int tokens = (int) each.report().held();
      Loan loan = cell.lendUpTo(tokens, now, tokens);
      if (loan.tokens() > 0) {
        cell.settle(loan.lease(), loan.tokens());
      }
      if (loan.tokens() < tokens) {
        Draw rest = Draw.spent(each.tier(), (long) tokens - loan.tokens());
        departures.add(new Departure(cell, 0, new Flight(rest.report(), now)));
      }
    }
    if (!departures.isEmpty() && traffic.isOpen()) {
      traffic.send(departures);
    }
  }

  /** Returns what the store holds by now as far as is known here; nothing where nothing is. */
  OptionalLong credit(String key) {
    Optional<LeaseCell> cell = cells.known(key);
    return cell.isPresent() ? cell.get().credit(traffic.now()) : OptionalLong.empty();
  }

  /** Decides with the store. */
  CompletionStage<List<TierState>> ask(List<Tier> tiers, int[] weights) {
    return new Asking(this, traffic, cells.of(tiers, traffic.now()), weights).start();
  }

  private Optional<List<TierState>> spend(LeaseCell[] found, int[] weights, long now, int uses) {
    int last = found.length - 1;
    long[] lent = new long[last];
    for (int i = 0; i < last; i++) {
      lent[i] = found[i].lend(weights[i], now, uses * weights[i]);
      if (lent[i] == LeaseCell.NOT_LENT) {
        giveBack(found, weights, lent, i);
        return Optional.empty();
      }
    }
    if (!found[last].spend(weights[last], now, uses * weights[last])) {
      giveBack(found, weights, lent, last);
      return Optional.empty();
    }
    for (int i = 0; i < last; i++) {
      found[i].settle(lent[i], weights[i]);
    }
    prefetch(found, now);
    return Optional.of(allowed(found, now));
  }

  private static void giveBack(LeaseCell[] found, int[] weights, long[] lent, int count) {
    for (int i = 0; i < count; i++) {
      found[i].giveBack(lent[i], weights[i]);
    }
  }

  /** Sends for more where leases run low, in one call; nobody waits for it. */
  @SuppressWarnings("FutureReturnValueIgnored") // the cells take its outcome
  private void prefetch(LeaseCell[] found, long now) {
    List<Departure> departures = List.of();
    for (LeaseCell cell : found) {
      if (!cell.runsLow(now) || !traffic.isOpen()) {
        continue;
      }
      Flight flight = cell.beginPrefetch(now);
      if (flight != Flight.NONE) {
        departures = departures.isEmpty() ? new ArrayList<>(found.length) : departures;
        departures.add(new Departure(cell, 0, flight));
      }
    }
    if (!departures.isEmpty()) {
      traffic.send(departures);
    }
  }

  private static List<TierState> allowed(LeaseCell[] found, long now) {
    List<TierState> states = new ArrayList<>(found.length);
    for (LeaseCell cell : found) {
      states.add(cell.allowed(now));
    }
    return states;
  }

  /** Says nothing if tokens came in between, so that nobody is dry by now. */
  private static Optional<List<TierState>> refused(LeaseCell[] found, int[] weights, long now) {
    List<TierState> states = new ArrayList<>(found.length);
    boolean refuses = false;
    for (int i = 0; i < found.length; i++) {
      boolean dry = found[i].standing(weights[i], now) == LeaseState.Standing.DRY;
      refuses |= dry;
      states.add(dry ? found[i].refused(weights[i], now) : found[i].allowed(now));
    }
    return refuses ? Optional.of(states) : Optional.empty();
  }
}
