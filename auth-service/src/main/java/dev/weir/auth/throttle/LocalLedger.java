package dev.weir.auth.throttle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/** Counts on this instance alone; bounded, so that a flood of names fits. */
public final class LocalLedger implements AttemptLedger {
  private static final long MAX_KEYS = 100_000;

  /** The longest window there is. */
  private final Cache<String, Window> windows =
      Caffeine.newBuilder().maximumSize(MAX_KEYS).expireAfterWrite(Duration.ofDays(30)).build();

  private final LongSupplier ticker;

  public LocalLedger(LongSupplier ticker) {
    this.ticker = ticker;
  }

  @Override
  public Mono<Reservation> reserve(List<Budget> budgets) {
    return Mono.fromSupplier(() -> reserveNow(budgets));
  }

  @Override
  public Mono<Void> refund(List<Budget> budgets) {
    return Mono.fromRunnable(() -> budgets.forEach(budget -> add(budget, -1)));
  }

  @Override
  public Mono<Void> clear(Budget budget) {
    return Mono.fromRunnable(() -> windows.invalidate(budget.key()));
  }

  /**
   * Takes one of each first and gives back if any was empty: two callers can never both get the
   * last one.
   */
  private Reservation reserveNow(List<Budget> budgets) {
    var windows = budgets.stream().map(budget -> add(budget, 1)).toList();
    boolean granted = true;
    for (int i = 0; i < windows.size(); i++) {
      granted &= windows.get(i).used() <= budgets.get(i).limit().attempts();
    }
    if (!granted) {
      budgets.forEach(budget -> add(budget, -1));
    }
    return reservation(budgets, windows, granted);
  }

  private Reservation reservation(List<Budget> budgets, List<Window> windows, boolean granted) {
    long now = ticker.getAsLong();
    var standings = new ArrayList<Reservation.Standing>();
    var wait = Duration.ZERO;
    for (int i = 0; i < windows.size(); i++) {
      var window = windows.get(i);
      var reset = Duration.ofNanos(window.endsAt() - now);
      boolean empty = window.used() > budgets.get(i).limit().attempts();
      wait = empty && reset.compareTo(wait) > 0 ? reset : wait;
      standings.add(new Reservation.Standing(window.used() - (granted ? 0 : 1), reset));
    }
    return new Reservation(granted, wait, standings);
  }

  private Window add(Budget budget, int change) {
    return windows.asMap().compute(budget.key(), (_, old) -> next(old, budget.limit(), change));
  }

  private Window next(@org.jspecify.annotations.Nullable Window old, Limit limit, int change) {
    long now = ticker.getAsLong();
    return old == null || old.endsAt() - now <= 0
        ? new Window(Math.max(0, change), now + limit.window().toNanos())
        : new Window(Math.max(0, old.used() + change), old.endsAt());
  }

  private record Window(int used, long endsAt) {}
}
