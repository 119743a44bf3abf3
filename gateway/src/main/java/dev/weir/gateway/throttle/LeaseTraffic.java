package dev.weir.gateway.throttle;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Carries draws and reports to the store, and their outcome back into the cells. */
final class LeaseTraffic {
  private final StoreWatch store;
  private final LeaseMeters meters;
  private final LongSupplier clockMillis;
  // Cells that were given tokens, to be looked after until they have none. Bounded by what a second
  // of draws can lease.
  private final Set<LeaseCell> leases = ConcurrentHashMap.newKeySet();

  LeaseTraffic(StoreWatch store, LeaseMeters meters, LongSupplier clockMillis) {
    this.store = store;
    this.meters = meters;
    this.clockMillis = clockMillis;
  }

  long now() {
    return clockMillis.getAsLong();
  }

  boolean isOpen() {
    return store.isUp();
  }

  boolean hasLeases() {
    return !leases.isEmpty();
  }

  /**
   * Makes one call. When the stage completes, the cells know, and whoever waited has been woken.
   */
  CompletionStage<List<Drawn>> send(List<Departure> departures) {
    List<Draw> draws = new ArrayList<>(departures.size());
    for (Departure departure : departures) {
      draws.add(departure.draw());
    }
    return store.draw(draws).whenComplete((drawn, failure) -> settle(departures, drawn, failure));
  }

  private void settle(
      List<Departure> departures, @Nullable List<Drawn> drawn, @Nullable Throwable failure) {
    if (drawn == null || failure != null) {
      Throwable cause =
          failure == null
              ? new StoreFailure(StoreFailure.Kind.ERROR, "the store answered nothing")
              : failure;
      departures.forEach(Departure::dropped);
      departures.forEach(departure -> departure.flight().lost(cause));
      return;
    }
    boolean agreed = areAgreed(departures, drawn);
    long now = now();
    for (int i = 0; i < drawn.size(); i++) {
      if (agreed) {
        arrive(departures.get(i), drawn.get(i), now);
      } else {
        departures.get(i).declined(drawn.get(i), now);
      }
    }
    departures.forEach(departure -> departure.flight().landed());
  }

  static boolean areAgreed(List<Departure> departures, List<Drawn> drawn) {
    for (int i = 0; i < drawn.size(); i++) {
      if (!departures.get(i).isAgreed(drawn.get(i))) {
        return false;
      }
    }
    return true;
  }

  private void arrive(Departure departure, Drawn drawn, long now) {
    departure.arrived(drawn, now);
    meters.returned(departure.flight().report().returned());
    if (drawn.leased() > 0) {
      meters.leased(drawn.leased());
      leases.add(departure.cell());
    }
  }

  /** Ends leases that have run out, and returns the cells that still hold tokens. */
  List<LeaseCell> live() {
    long now = now();
    List<LeaseCell> live = new ArrayList<>();
    for (LeaseCell cell : List.copyOf(leases)) {
      meters.expired(cell.expire(now));
      // In this order a lease that lands meanwhile is not forgotten.
      leases.remove(cell);
      if (cell.holdsTokens()) {
        leases.add(cell);
        live.add(cell);
      }
    }
    return live;
  }
}
