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
 * most, and decides anew. Else it draws, in one call, from every tier that has no token here; from
 * the others it has one lent until the answer is there. So a request is decided after three calls
 * at the latest, each within the store's bound on time. Confined to one step after the other: each
 * is begun by the end of the one before.
 */
final class Asking {
  private static final int WAITS = 2;
  private static final int RACES = 8;

  private final LeasedBuckets buckets;
  private final LeaseTraffic traffic;
  private final LeaseCell[] cells;
  private final CompletableFuture<List<TierState>> answer = new CompletableFuture<>();
  private int waits;
  private int races;

  Asking(LeasedBuckets buckets, LeaseTraffic traffic, LeaseCell[] cells) {
    this.buckets = buckets;
    this.traffic = traffic;
    this.cells = cells;
  }

  CompletionStage<List<TierState>> start() {
    decide();
    return answer;
  }

  private void decide() {
    while (true) {
      Optional<List<TierState>> here = buckets.decideHere(cells, uses());
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
    for (LeaseCell cell : cells) {
      if (cell.standing(now) == LeaseState.Standing.FLYING) {
        Flight flight = cell.flight();
        if (flight != Flight.NONE) {
          waitFor(flight, now);
          return true;
        }
      }
    }
    return false;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
  private void waitFor(Flight flight, long now) {
    if (waits == 0) {
      for (LeaseCell cell : cells) {
        cell.noteAsked(now);
      }
    }
    waits++;
    flight.await().whenComplete((landed, failure) -> decideOrFail(failure));
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
    long[] lent = new long[cells.length];
    List<Departure> departures = new ArrayList<>(cells.length);
    for (int i = 0; i < cells.length; i++) {
      lent[i] = cells[i].lend(now, uses());
      if (lent[i] != LeaseCell.NOT_LENT) {
        continue;
      }
      Flight flight = cells[i].isLeasable() ? cells[i].beginDraw(now, uses()) : Flight.NONE;
      if (flight == Flight.NONE && cells[i].isLeasable() && mayLoseAnotherRace()) {
        abandon(lent, departures);
        return false;
      }
      departures.add(new Departure(cells[i], 1, flight));
    }
    send(departures, lent);
    return true;
  }

  /** Whoever has waited or lost often enough takes its token without a lease, in its own call. */
  private boolean mayLoseAnotherRace() {
    return waits < WAITS && races++ < RACES;
  }

  private void abandon(long[] lent, List<Departure> departures) {
    giveBack(lent);
    for (Departure departure : departures) {
      departure.dropped();
      departure.flight().landed();
    }
  }

  private void giveBack(long[] lent) {
    for (int i = 0; i < lent.length; i++) {
      if (lent[i] != LeaseCell.NOT_LENT) {
        cells[i].giveBack(lent[i]);
      }
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
  private void send(List<Departure> departures, long[] lent) {
    if (departures.isEmpty()) {
      answer.complete(states(departures, List.of(), lent));
      return;
    }
    traffic
        .send(departures)
        .whenComplete(
            (drawn, failure) -> {
              if (drawn == null || failure != null) {
                giveBack(lent);
                answer.completeExceptionally(
                    failure == null ? new IllegalStateException("no answer") : failure);
                return;
              }
              answer.complete(states(departures, drawn, lent));
            });
  }

  private List<TierState> states(List<Departure> departures, List<Drawn> drawn, long[] lent) {
    if (LeaseTraffic.areAgreed(departures, drawn)) {
      settle(lent);
    } else {
      giveBack(lent);
    }
    long now = traffic.now();
    TierState[] states = new TierState[cells.length];
    int next = 0;
    for (int i = 0; i < cells.length; i++) {
      boolean had = lent[i] != LeaseCell.NOT_LENT || drawn.get(next++).had();
      states[i] = cells[i].describe(had, now);
    }
    return Arrays.asList(states);
  }

  private void settle(long[] lent) {
    for (int i = 0; i < lent.length; i++) {
      if (lent[i] != LeaseCell.NOT_LENT) {
        cells[i].settle(lent[i]);
      }
    }
  }
}
