package dev.weir.gateway.throttle;

import dev.weir.gateway.observe.GatewayMetrics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * The breaker around the shared buckets. Three failures in a row open it; from then on no request
 * waits for Redis. A probe in the background, not a request, finds out that Redis is back: two good
 * ones in a row close it, so a store that answers now and then does not make it flap. For a while
 * from then on it is returning: others, which pass requests by their shares, may not have it yet.
 *
 * <p>Per call while all is well: one volatile read before and one after.
 */
final class StoreWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);
  private static final Duration PROBE_PERIOD = Duration.ofMillis(400);

  // One immutable state, replaced by compare-and-set of a pure transition. Whoever's replacement
  // changes `up` is the only one to log it.
  private final AtomicReference<StoreState> state = new AtomicReference<>(StoreState.SHARED);
  private final BucketStore store;
  private final LongUnaryOperator below;
  private final MeterRegistry meters;
  private final Scheduler scheduler;
  private final Timer answered;
  private final Map<StoreFailure.Kind, Timer> failures = new EnumMap<>(StoreFailure.Kind.class);
  // Set once, before anything is drawn.
  private volatile Homecoming homecoming = Homecoming.NOTHING;
  private final Disposable.Swap probes = Disposables.swap();
  private final Gauge gauge;

  StoreWatch(BucketStore store, MeterRegistry meters, Scheduler scheduler) {
    this(store, meters, scheduler, bound -> ThreadLocalRandom.current().nextLong(bound));
  }

  /** Watches; {@code below} returns random numbers from 0 to below the one it is given. */
  StoreWatch(
      BucketStore store, MeterRegistry meters, Scheduler scheduler, LongUnaryOperator below) {
    this.below = below;
    this.store = store;
    this.meters = meters;
    this.scheduler = scheduler;
    this.answered = timer("ok");
    for (StoreFailure.Kind kind : StoreFailure.Kind.values()) {
      failures.put(kind, timer(kind.label()));
    }
    this.gauge =
        Gauge.builder(GatewayMetrics.REDIS_UP, state, s -> s.get().up() ? 1 : 0).register(meters);
  }

  private Timer timer(String outcome) {
    return Timer.builder(GatewayMetrics.REDIS_CALL_DURATION)
        .tag("outcome", outcome)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofNanos(100_000))
        .maximumExpectedValue(Duration.ofSeconds(1))
        .register(meters);
  }

  boolean isUp() {
    return state.get().up();
  }

  /** Returns whether others may still be without what is back here. */
  boolean isReturning() {
    return state.get().phase() == StoreState.Phase.RETURNING;
  }

  /** Says what has to be done with a store that is back. */
  void onReturn(Homecoming coming) {
    homecoming = coming;
  }

  /** Draws tokens and notes how that went. Ask {@link #isUp} first. */
  CompletionStage<List<Drawn>> draw(List<Draw> draws) {
    long started = System.nanoTime();
    return store
        .draw(draws)
        .whenComplete(
            (drawn, failure) -> note(System.nanoTime() - started, StoreWatch.unwrap(failure)));
  }

  private void note(long nanos, @Nullable Throwable failure) {
    if (failure == null) {
      answered.record(nanos, TimeUnit.NANOSECONDS);
      if (state.get().count() > 0) {
        state.updateAndGet(StoreState::succeeded);
      }
      return;
    }
    StoreFailure.Kind kind =
        failure instanceof StoreFailure known ? known.kind() : StoreFailure.Kind.ERROR;
    failures.getOrDefault(kind, answered).record(nanos, TimeUnit.NANOSECONDS);
    noteFailure(failure);
  }

  private void noteFailure(Throwable failure) {
    StoreState before = state.getAndUpdate(StoreState::failed);
    if (before.equals(StoreState.SHARED)) {
      homecoming.forget().run();
    }
    if (before.up() && !before.failed().up()) {
      LOG.atWarn()
          .addKeyValue("cause", String.valueOf(failure.getMessage()))
          .log("redis is lost, every limit does its on-redis-loss");
      scheduleProbe();
    }
  }

  /** Not all instances at one moment: what comes back may be weak yet. */
  private void scheduleProbe() {
    long half = PROBE_PERIOD.toMillis() / 2;
    long pause = half + below.applyAsLong(half + 1);
    probes.update(scheduler.schedule(this::probe, pause, TimeUnit.MILLISECONDS));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
  private void probe() {
    store.probe().whenComplete((done, failure) -> probed(failure == null));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
  private void probed(boolean good) {
    if (good && state.get().probed().up()) {
      homecoming.settle().get().whenComplete((done, failure) -> rejoin(failure == null));
      return;
    }
    rejoin(good);
  }

  private void rejoin(boolean good) {
    if (probes.isDisposed()) {
      return;
    }
    StoreState before = state.getAndUpdate(good ? StoreState::probed : StoreState::failed);
    if (good && before.probed().up()) {
      LOG.atInfo().log("redis is back, limits are shared again");
      // In the place of probes, so that the next loss ends the wait.
      long others = homecoming.others().toMillis();
      probes.update(scheduler.schedule(this::reunite, others, TimeUnit.MILLISECONDS));
      return;
    }
    scheduleProbe();
  }

  private void reunite() {
    if (state.getAndUpdate(StoreState::reunited).phase() == StoreState.Phase.RETURNING) {
      homecoming.forget().run();
    }
  }

  private static @Nullable Throwable unwrap(@Nullable Throwable failure) {
    return failure instanceof CompletionException wrapped && wrapped.getCause() != null
        ? wrapped.getCause()
        : failure;
  }

  @Override
  public void close() {
    probes.dispose();
    meters.remove(gauge);
  }
}
