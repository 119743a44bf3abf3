package dev.weir.gateway.throttle;

import dev.weir.gateway.route.Limit;
import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.GenerousStore;
import dev.weir.jmh.sample.SampleRoutes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import reactor.core.scheduler.Schedulers;

/**
 * Shows what one decision by a token bucket costs in memory, and whether event loops hinder each
 * other: on the bucket of one caller whom all loops serve, and on buckets of callers of their own.
 */
@State(Scope.Benchmark)
public class BucketBench {
  private static final BucketShape SHAPE = BucketShape.of(SampleRoutes.limit(Limit.Key.ADDRESS));

  /** A token of each limit; as many as a bench has. */
  private static final int[][] ONES = {{}, {1}, {1, 1}};

  private static final List<Tier> COMMON = List.of(new Tier("weir:{tb}:4:bench:common", SHAPE));

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final StoreWatch store =
      new StoreWatch(new GenerousStore(), meters, Schedulers.parallel());
  private final LeasedBuckets leases =
      new LeasedBuckets(
          new LeaseCells(100_000),
          new LeaseTraffic(store, new LeaseMeters(meters), BucketBench::millis));
  private final LocalBuckets local = new LocalBuckets(100_000, BucketBench::millis);

  private static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  /** The caller of one event loop. */
  @State(Scope.Thread)
  public static class Loop {
    private static final AtomicInteger LOOPS = new AtomicInteger();

    private final List<Tier> own =
        List.of(new Tier("weir:{tb}:4:bench:own-" + LOOPS.incrementAndGet(), SHAPE));
    private final List<Tier> both = List.of(COMMON.getFirst(), own.getFirst());
  }

  /** Decides from the lease of a caller whom all loops serve. */
  @Benchmark
  public List<TierState> leasedCommon() {
    return decide(COMMON);
  }

  /** Decides from the lease of a caller whom one loop serves. */
  @Benchmark
  public List<TierState> leasedOwn(Loop loop) {
    return decide(loop.own);
  }

  /** Decides by two limits at once. */
  @Benchmark
  public List<TierState> leasedTwoLimits(Loop loop) {
    return decide(loop.both);
  }

  /** Takes a token of the address guard's, of a caller whom all loops serve. */
  @Benchmark
  public TierState guardCommon() {
    return take(COMMON);
  }

  /** Takes a token of the address guard's, of a caller whom one loop serves. */
  @Benchmark
  public TierState guardOwn(Loop loop) {
    return take(loop.own);
  }

  private List<TierState> decide(List<Tier> tiers) {
    int[] weights = ONES[tiers.size()];
    List<TierState> states =
        leases
            .decideHere(tiers, weights)
            .orElseGet(() -> leases.ask(tiers, weights).toCompletableFuture().join());
    Expect.that(states.size() == tiers.size() && states.getFirst().allowed(), "a token");
    return states;
  }

  private TierState take(List<Tier> tiers) {
    TierState state = local.take(tiers.getFirst(), 1);
    Expect.that(state.allowed(), "a token");
    return state;
  }

  /** Ends the watch over the store. */
  @TearDown
  public void close() {
    store.close();
  }
}
