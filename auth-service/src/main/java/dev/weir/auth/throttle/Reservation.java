package dev.weir.auth.throttle;

import java.time.Duration;
import java.util.List;

/**
 * The answer to a reservation: granted or not, how long to wait if not, and how each budget stands.
 */
public record Reservation(boolean granted, Duration retryAfter, List<Standing> standings) {
  public Reservation {
    standings = List.copyOf(standings);
  }

  /** How one budget stands after the reservation. */
  public record Standing(int used, Duration resetIn) {}
}
