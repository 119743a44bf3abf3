package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Makes the two throttling enforcers of each route. There is one per process: the leases, the
 * buckets in memory and the watch over the store outlive every generation of the route table.
 */
public final class ThrottleStage implements AutoCloseable {
  private static final long LOCAL_BOUND = 100_000;
  private static final Duration STRAGGLERS = Duration.ofMillis(250);

  /** Instances find a store again within this of each other: a pause of a dial and two probes. */
  private static final Duration REUNION = Duration.ofSeconds(2);

  private static final Set<KeyPart> SHIELDING = Set.of(KeyPart.Plain.ADDRESS, KeyPart.Plain.ROUTE);

  private final MeterRegistry meters;
  private final int instances;
  private final StoreWatch store;
  private final LeasedBuckets leases;
  private final LeaseSweep sweep;
  private final LocalBuckets guards;
  private final LocalBuckets shares;
  private final Debts debts;
  private final Disposable stragglers;

  /**
   * Watches a store.
   *
   * @param instances how many gateways share the limits; divides what {@code local} may admit
   */
  public ThrottleStage(BucketStore store, int instances, MeterRegistry meters) {
    this(
        store,
        instances,
        meters,
        () -> System.nanoTime() / 1_000_000,
        Schedulers.parallel(),
        LOCAL_BOUND);
  }

  ThrottleStage(
      BucketStore store,
      int instances,
      MeterRegistry meters,
      LongSupplier clockMillis,
      Scheduler scheduler,
      long localBound) {
    if (instances < 1) {
      throw new IllegalArgumentException("instances must be 1 or more: " + instances);
    }
    this.meters = meters;
    this.instances = instances;
    this.store = new StoreWatch(store, meters, scheduler);
    LeaseTraffic traffic = new LeaseTraffic(this.store, new LeaseMeters(meters), clockMillis);
    this.leases = new LeasedBuckets(new LeaseCells(localBound), traffic);
    this.sweep = new LeaseSweep(traffic, scheduler);
    this.guards = new LocalBuckets(localBound, clockMillis);
    this.shares = new LocalBuckets(localBound, clockMillis, this::share);
    this.debts = new Debts(localBound);
    this.store.onReturn(
        new Homecoming(
            () -> debts.pay(this.store::draw),
            instances == 1 ? Duration.ZERO : REUNION,
            shares::forget));
    this.stragglers =
        scheduler.schedulePeriodically(
            this::payStragglers,
            STRAGGLERS.toMillis(),
            STRAGGLERS.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /**
   * Returns this instance's part of what the shared bucket holds as far as is known, or is full.
   */
  private BucketShape.Level share(Tier tier, long nowMillis) {
    BucketShape shape = tier.shape();
    OptionalLong credit = leases.credit(tier.key());
    return credit.isEmpty()
        ? shape.full(nowMillis)
        : new BucketShape.Level(
            Math.clamp(credit.getAsLong() * shape.unit() / instances, 0, shape.capacity()),
            nowMillis);
  }

  /** Of requests that were decided while the store came back, or that waited for one lost call. */
  @SuppressWarnings("FutureReturnValueIgnored") // what fails is owed as before
  private void payStragglers() {
    if (store.isUp() && !debts.isEmpty()) {
      debts.pay(store::draw);
    }
  }

  /** Returns stage 6 of a route: nothing unless it checks tokens and has a limit by address. */
  public Optional<Enforcer> addressGuard(Route route) {
    List<Limit> limits =
        of(route, Limit.Mode.ENFORCE).stream().filter(limit -> isByAddress(limit.key())).toList();
    boolean checksTokens =
        switch (route.authentication()) {
          case Authentication.Open() -> false;
          case Authentication.Jwt jwt -> true;
        };
    return checksTokens && !limits.isEmpty()
        ? Optional.of(new AddressGuard(limits, guards, meters))
        : Optional.empty();
  }

  /** What a client may choose shields nothing, and a caller is not known yet. */
  private static boolean isByAddress(Limit.Key key) {
    return key.parts().contains(KeyPart.Plain.ADDRESS) && SHIELDING.containsAll(key.parts());
  }

  /** Returns stage 8 of a route: nothing where it has no limits. */
  public Optional<Enforcer> sharedBuckets(Route route) {
    List<Limit> meant = of(route, Limit.Mode.ENFORCE);
    List<Limit> shadows = of(route, Limit.Mode.SHADOW);
    Optional<Enforcer> enforced =
        meant.isEmpty() ? Optional.empty() : Optional.of(enforcing(meant));
    return shadows.isEmpty()
        ? enforced
        : Optional.of(
            new ShadowLimits(
                enforced.orElse(exchange -> Verdict.PROCEED),
                shadows.stream().map(limit -> RouteLimits.whole(List.of(limit), meters)).toList(),
                store,
                leases));
  }

  private Enforcer enforcing(List<Limit> limits) {
    return new SharedBuckets(
        RouteLimits.whole(limits, meters),
        store,
        leases,
        new WithoutStore(limits, instances, shares, debts, meters));
  }

  private static List<Limit> of(Route route, Limit.Mode mode) {
    return route.limits().stream().filter(limit -> limit.mode() == mode).toList();
  }

  /** Returns whether the shared buckets are in use, rather than each limit's on-redis-loss. */
  public boolean storeIsUp() {
    return store.isUp();
  }

  /** Returns what is leased, which takes half a second at most. */
  @Override
  public void close() {
    stragglers.dispose();
    sweep.close();
    store.close();
  }
}
