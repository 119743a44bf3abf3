package dev.weir.gateway.throttle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weir.gateway.exchange.LoopMemo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The cells of the keys in use, bounded.
 *
 * <p>A loop goes by what it found within the last second; a cell that the cache dropped meanwhile
 * serves on for that long beside its successor, as two lessees do.
 *
 * <p>Each cell is a lessee of its own, numbered within the process. So a key that was dropped at
 * the bound and comes back never speaks for the lease that its old cell may still spend from; what
 * the old cell holds runs out within a second.
 */
final class LeaseCells {
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(10);

  private final AtomicLong lessees = new AtomicLong();
  private final Cache<String, LeaseCell> cells;
  private final LoopMemo<String, LeaseCell> met = new LoopMemo<>();

  LeaseCells(long bound) {
    this.cells =
        Caffeine.newBuilder()
            .maximumSize(bound)
            .expireAfterAccess(FORGOTTEN_AFTER)
            .executor(Runnable::run)
            .build();
  }

  LeaseCell[] of(List<Tier> tiers, long nowMillis) {
    LeaseCell[] found = new LeaseCell[tiers.size()];
    for (int i = 0; i < found.length; i++) {
      found[i] = of(tiers.get(i), nowMillis);
    }
    return found;
  }

  /** Returns the cell of a key that was asked for lately. */
  Optional<LeaseCell> known(String key) {
    return Optional.ofNullable(cells.getIfPresent(key));
  }

  private LeaseCell of(Tier tier, long nowMillis) {
    LeaseCell known = met.find(tier.key(), nowMillis);
    if (known != null) {
      return known;
    }
    LeaseCell cell = cells.get(tier.key(), key -> made(tier));
    met.keep(tier.key(), cell, nowMillis);
    return cell;
  }

  private LeaseCell made(Tier tier) {
    return new LeaseCell(tier, lessees.incrementAndGet());
  }

  long size() {
    cells.cleanUp();
    return cells.estimatedSize();
  }
}
