package dev.weir.gateway.throttle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One request that could not be decided in memory.
 *
 * <p>Where another request's draw for the same key is under way it waits for that one, twice at
 * most, and decides anew. Else it draws, in one call, what is missing of its weight in any tier;
 * what is here it has lent until the answer is there, so that a heavy request is not refused for
 * what this instance holds itself. So a request is decided after three calls at the latest, each
 * within the store's bound on time. Confined to one step after the other: each is begun by the end
 * of the one before.
 */
final class Asking {
  private static final int WAITS = 2;
  private static final long CROWDED_WAIT_MILLIS = 1000;
  private static final int RACES = 8;

  private final LeasedBuckets buckets;
  private final LeaseTraffic traffic;
  private final LeaseCell[] cells;
  private final int[] weights;
  private final CompletableFuture<List<TierState>> answer = new CompletableFuture<>();
  private int waits;
  private int races;

  Asking(LeasedBuckets buckets, LeaseTraffic traffic, LeaseCell[] cells, int[] weights) {
    this.buckets = buckets;
    this.traffic = traffic;
    this.cells = cells;
    this.weights = weights;
  }

  CompletionStage<List<TierState>> start() {
    decide();
    return answer;
  }

  private void decide() {
    while (true) {
      Optional<List<TierState>> here = buckets.decideHere(cells, weights, uses());
      if (here.isPresent()) {
        answer.complete(here.get());
        return;
      }
      if (waitForFlight() || depart()) {
        return;
      }
      // Lost a race for a token or a flight; what the winner left is to be seen.
    }
  }

  /** Counts a request as one use, however often it has to look. */
  private int uses() {
    return waits == 0 ? 1 : 0;
  }

  private boolean waitForFlight() {
    if (waits == WAITS) {
      return false;
    }
    long now = traffic.now();
    for (int i = 0; i < cells.length; i++) {
      int crowded = i;
      if (cells[i].standing(weights[i], now) == LeaseState.Standing.FLYING) {
        Flight flight = cells[i].flight();
        if (flight != Flight.NONE) {
          flight
              .await()
              .ifPresentOrElse(landing -> waitFor(landing, now), () -> refuse(crowded, now));
          return true;
        }
      }
    }
    return false;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
  private void waitFor(CompletableFuture<Void> landing, long now) {
    if (waits == 0) {
      for (int i = 0; i < cells.length; i++) {
        cells[i].noteAsked(weights[i], now);
      }
    }
    waits++;
    landing.whenComplete((landed, failure) -> decideOrFail(failure));
  }

  /** Too many wait for this bucket already; nothing is wrong with the store. */
  private void refuse(int crowded, long now) {
    TierState[] states = new TierState[cells.length];
    for (int i = 0; i < cells.length; i++) {
      states[i] =
          i == crowded ? new TierState(false, 0, CROWDED_WAIT_MILLIS) : cells[i].allowed(now);
    }
    answer.complete(Arrays.asList(states));
  }

  private void decideOrFail(@Nullable Throwable failure) {
    if (failure == null) {
      decide();
    } else {
      answer.completeExceptionally(failure);
    }
  }

  /** Returns false, with nothing done, where another request was faster. */
  private boolean depart() {
    long now = traffic.now();
    Loan[] loans = new Loan[cells.length];
    Arrays.fill(loans, Loan.NONE);
    List<Departure> departures = new ArrayList<>(cells.length);
    for (int i = 0; i < cells.length; i++) {
      LeaseCell cell = cells[i];
      int counted = uses() * weights[i];
      loans[i] = cell.lendUpTo(weights[i], now, counted);
      int missing = weights[i] - loans[i].tokens();
      if (missing == 0) {
        continue;
      }
      Flight flight = cell.isLeasable() ? cell.beginDraw(missing, now, counted) : Flight.NONE;
      if (flight == Flight.NONE && cell.isLeasable() && mayLoseAnotherRace()) {
        abandon(loans, departures);
        return false;
      }
      departures.add(new Departure(cell, missing, flight));
    }
    send(departures, loans);
    return true;
  }

  /** Whoever has waited or lost often enough takes its token without a lease, in its own call. */
  private boolean mayLoseAnotherRace() {
    return waits < WAITS && races++ < RACES;
  }

  private void abandon(Loan[] loans, List<Departure> departures) {
    giveBack(loans);
    for (Departure departure : departures) {
      departure.dropped();
      departure.flight().landed();
    }
  }

  private void giveBack(Loan[] loans) {
    for (int i = 0; i < loans.length; i++) {
      if (loans[i].tokens() > 0) {
        cells[i].giveBack(loans[i].lease(), loans[i].tokens());
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
  private void send(List<Departure> departures, Loan[] loans) {
    if (departures.isEmpty()) {
      answer.complete(states(departures, List.of(), loans));
      return;
    }
    traffic
        .send(departures)
        .whenComplete(
            (drawn, failure) -> {
              if (drawn == null || failure != null) {
                giveBack(loans);
                answer.completeExceptionally(
                    failure == null ? new IllegalStateException("no answer") : failure);
                return;
              }
              answer.complete(states(departures, drawn, loans));
            });
  }

  private List<TierState> states(List<Departure> departures, List<Drawn> drawn, Loan[] loans) {
    if (LeaseTraffic.areAgreed(departures, drawn)) {
      settle(loans);
    } else {
      giveBack(loans);
    }
    long now = traffic.now();
    TierState[] states = new TierState[cells.length];
    int next = 0;
    for (int i = 0; i < cells.length; i++) {
      boolean had = loans[i].tokens() == weights[i] || drawn.get(next++).had();
      states[i] = had ? cells[i].allowed(now) : cells[i].refused(weights[i], now);
    }
    return Arrays.asList(states);
  }

  private void settle(Loan[] loans) {
    for (int i = 0; i < loans.length; i++) {
      if (loans[i].tokens() > 0) {
        cells[i].settle(loans[i].lease(), loans[i].tokens());
      }
    }
  }
}
