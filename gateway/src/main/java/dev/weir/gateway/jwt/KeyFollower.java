package dev.weir.gateway.jwt;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps one issuer's keys: fetched at the start and again before they are stale, in the background,
 * so that no request ever waits for a fetch that was to be foreseen. A failed fetch keeps the last
 * good keys, for a day at most.
 *
 * <p>Per request: one volatile read and one subtraction.
 */
final class KeyFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KeyFollower.class);
  private static final long TRUST_NANOS = Duration.ofHours(24).toNanos();
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(10);
  private static final Duration UNKNOWN_KEY_PERIOD = Duration.ofSeconds(10);
  private static final int UNKNOWN_KEY_BURST = 3;

  /** How a refresh went. */
  enum Outcome {
    UPDATED,
    UNCHANGED,
    FAILED
  }

  /** The keys, when they were last fetched well, and how many fetches have failed since. */
  private record State(KeySet keys, long goodNanos, int failures) {}

  private final KeySource source;
  private final KeyDocuments documents;
  private final KeySetReader reader;
  private final Scheduler scheduler;
  private final LongSupplier nanos;
  private final KeyMeters meters;
  private final RefreshBudget unknownKeys;
  private final Disposable.Swap timer = Disposables.swap();

  // Replaced as a whole, by the one refresh that is under way; readers take one consistent state.
  private volatile State state;

  // The refresh under way, or null. A compare-and-set from null elects who fetches.
  private final AtomicReference<@Nullable CompletableFuture<Outcome>> underWay =
      new AtomicReference<>();

  KeyFollower(
      KeySource source,
      KeyDocuments documents,
      Scheduler scheduler,
      LongSupplier nanos,
      KeyMeters meters) {
    this.source = source;
    this.documents = documents;
    this.reader = new KeySetReader(source.algorithms());
    this.scheduler = scheduler;
    this.nanos = nanos;
    this.meters = meters;
    this.unknownKeys = new RefreshBudget(UNKNOWN_KEY_PERIOD, UNKNOWN_KEY_BURST, nanos);
    this.state = new State(KeySet.EMPTY, nanos.getAsLong(), 0);
    meters.follow(this);
  }

  /** Returns the keys; empty where none was ever fetched or the last good fetch is too old. */
  KeySet keys() {
    State now = state;
    return nanos.getAsLong() - now.goodNanos() > TRUST_NANOS ? KeySet.EMPTY : now.keys();
  }

  /** Returns whether the last fetch failed: what is not known then may well be good. */
  boolean isFailing() {
    return state.failures() > 0;
  }

  long ageSeconds() {
    return TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong() - state.goodNanos());
  }

  /** Joins the fetch under way, or begins one if strangers may; empty where they may not. */
  Optional<CompletableFuture<Outcome>> refreshForUnknownKey() {
    CompletableFuture<Outcome> joined = underWay.get();
    if (joined != null) {
      return Optional.of(joined);
    }
    return unknownKeys.spend() ? Optional.of(refresh()) : Optional.empty();
  }

  /** Fetches, unless a fetch is under way: then returns that. */
  CompletableFuture<Outcome> refresh() {
    CompletableFuture<Outcome> mine = new CompletableFuture<>();
    CompletableFuture<Outcome> other = underWay.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    // Deferred, so that an address that cannot be dialled at all is a failure like any other.
    Mono.defer(() -> documents.fetch(source.place()))
        .subscribe(
            document -> fetched(mine, document),
            failure -> failed(mine, String.valueOf(failure.getMessage())));
    return mine;
  }

  private void fetched(CompletableFuture<Outcome> mine, JwksClient.Document document) {
    KeySet fresh = reader.read(document.json()).orElse(null);
    if (fresh == null) {
      // An empty set is taken for an accident: who withdraws a key publishes its successor.
      failed(mine, "no usable key in the document");
      return;
    }
    State before = state;
    boolean same = fresh.isSameAs(before.keys());
    // The same keys stay the same object, so that verified tokens stay cached.
    state = new State(same ? before.keys() : fresh, nanos.getAsLong(), 0);
    if (!same || before.failures() > 0) {
      LOG.atInfo()
          .addKeyValue("issuer", source.name())
          .addKeyValue("keys", fresh.keys().size())
          .log("the issuer's keys were fetched");
    }
    end(mine, same ? Outcome.UNCHANGED : Outcome.UPDATED, document.lifetime());
  }

  private void failed(CompletableFuture<Outcome> mine, String cause) {
    State before = state;
    state = new State(before.keys(), before.goodNanos(), before.failures() + 1);
    if (before.failures() == 0) {
      LOG.atWarn()
          .addKeyValue("issuer", source.name())
          .addKeyValue("cause", cause)
          .log("the issuer's keys cannot be fetched, the last good ones stay in use");
    }
    end(mine, Outcome.FAILED, retryAfter(before));
  }

  /** Backs off while old keys serve; without any, every second counts against all callers. */
  private static Duration retryAfter(State before) {
    if (before.keys().isEmpty()) {
      return FIRST_RETRY;
    }
    Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(4, before.failures()));
    return delay.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : delay;
  }

  private void end(CompletableFuture<Outcome> mine, Outcome outcome, Duration next) {
    meters.refreshed(outcome);
    if (!timer.isDisposed()) {
      timer.update(scheduler.schedule(this::refreshAgain, next.toMillis(), TimeUnit.MILLISECONDS));
    }
    underWay.set(null);
    mine.complete(outcome);
  }

  private void refreshAgain() {
    var _ = refresh();
  }

  @Override
  public void close() {
    timer.dispose();
    meters.close();
  }
}
