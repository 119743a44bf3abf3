package dev.weir.gateway.stale;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy;
import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The last good answers of all routes that want them kept, in this process alone.
 *
 * <p><b>What runs per request</b> of such a route, and of no other: an answer's Cache-Control is
 * read, its key is made and looked up. A copy is made where the one there is older than a second,
 * so a page in demand is copied once a second, however often it is asked for. StaleAnswersBench:
 * 0.4 us and 0.5 KB where there is such a copy, 2.5 us and 2.8 KB where one of 1 KiB is made.
 * Nothing waits: the cache's own upkeep runs where it is written to.
 *
 * <p><b>Bounds.</b> All bytes together; a quarter of them is for copies under way. One answer: 64
 * KiB. Each counts for a KiB more than it has, so there are never more than the KiB of the bound.
 * Of one address at most {@link Variants#MOST}. What is wanted most often stays.
 *
 * <p><b>Memory visibility.</b> What is kept is immutable and published by the cache. A shelf that a
 * reload takes down is marked first and emptied then; who keeps something there looks at the mark
 * afterwards, so one of the two always takes it away.
 */
public final class StaleAnswers {
  private static final int UNDER_WAY_SHARE = 4;

  private final LongSupplier ticker;
  private final InstantSource clock;
  private final Semaphore copying;
  private final Cache<Key, Variants> entries;
  private final AtomicInteger shelvesMade = new AtomicInteger();
  private final Map<Origin, Shelf> shelves = new ConcurrentHashMap<>();

  /**
   * Keeps nothing yet.
   *
   * @param mostBytes all that may be kept
   * @param ticker nanoseconds, as {@code System.nanoTime()}
   */
  public StaleAnswers(
      int mostBytes, LongSupplier ticker, InstantSource clock, MeterRegistry meters) {
    int underWay = mostBytes / UNDER_WAY_SHARE;
    this.ticker = ticker;
    this.clock = clock;
    this.copying = new Semaphore(underWay);
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(mostBytes - underWay)
            .weigher((Key key, Variants kept) -> key.target().length() + kept.weight())
            .expireAfter(Expiry.writing(this::remaining))
            .ticker(ticker::getAsLong)
            .executor(Runnable::run)
            .build();
    Gauge.builder(GatewayMetrics.STALE_ANSWERS, entries, Cache::estimatedSize).register(meters);
    Gauge.builder(GatewayMetrics.STALE_BYTES, this, StaleAnswers::bytes).register(meters);
  }

  private Duration remaining(Key key, Variants kept) {
    return Duration.ofNanos(Math.max(0, kept.remainingNanos(ticker.getAsLong())));
  }

  /** Returns where the answers of a route are kept whose fallback says so. */
  public LastAnswers of(Route route) {
    Origin origin =
        Origin.of(route).orElseThrow(() -> new IllegalArgumentException("keeps nothing: " + route));
    return shelves.computeIfAbsent(
        origin, wanted -> new Shelf(shelvesMade.incrementAndGet(), wanted, this));
  }

  /** Forgets what is of none of these routes as they are now. */
  public void retain(Collection<Route> live) {
    Set<Origin> origins = new HashSet<>();
    live.forEach(route -> Origin.of(route).ifPresent(origins::add));
    Set<Integer> gone = new HashSet<>();
    shelves.forEach(
        (origin, shelf) -> {
          if (!origins.contains(origin)) {
            gone.add(shelf.takeDown());
          }
        });
    shelves.keySet().retainAll(origins);
    if (!gone.isEmpty()) {
      entries.asMap().keySet().removeIf(key -> gone.contains(key.shelf()));
    }
  }

  Optional<Variants> find(Key key) {
    return Optional.ofNullable(entries.getIfPresent(key));
  }

  void put(Key key, Kept kept) {
    entries.asMap().compute(key, (_, before) -> with(before, kept));
  }

  private static Variants with(@Nullable Variants before, Kept kept) {
    return before == null ? new Variants(List.of(kept)) : before.with(kept);
  }

  void forget(Key key) {
    entries.invalidate(key);
  }

  /** Returns the bytes that copies under way may still take. */
  Semaphore copying() {
    return copying;
  }

  long now() {
    return ticker.getAsLong();
  }

  Instant wallTime() {
    return clock.instant();
  }

  private double bytes() {
    return entries
        .policy()
        .eviction()
        .map(Policy.Eviction::weightedSize)
        .map(weight -> weight.orElse(0))
        .orElse(0L);
  }
}
