package dev.weir.gateway.throttle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Buckets in memory that can go away; counts calls. */
final class FakeStore implements BucketStore {
  final List<List<Tier>> draws = new ArrayList<>();
  final AtomicInteger probes = new AtomicInteger();
  private final LocalBuckets buckets;
  private boolean down;

  FakeStore(LongSupplier clockMillis) {
    this.buckets = new LocalBuckets(1000, clockMillis);
  }

  void goDown() {
    down = true;
  }

  void comeBack() {
    down = false;
  }

  @Override
  public CompletionStage<List<TierState>> take(List<Tier> tiers) {
    draws.add(tiers);
    return down ? failure() : CompletableFuture.completedFuture(buckets.take(tiers));
  }

  @Override
  public CompletionStage<Void> probe() {
    probes.incrementAndGet();
    return down ? failure() : CompletableFuture.allOf();
  }

  private static <T> CompletionStage<T> failure() {
    return CompletableFuture.failedFuture(new StoreFailure(StoreFailure.Kind.TIMEOUT, "no answer"));
  }
}
