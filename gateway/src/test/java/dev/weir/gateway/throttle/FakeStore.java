package dev.weir.gateway.throttle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Buckets in memory that can go away, or answer late; counts calls. */
final class FakeStore implements BucketStore {
  final List<List<Draw>> draws = new ArrayList<>();
  final AtomicInteger probes = new AtomicInteger();
  final ModelBuckets buckets;
  private final String instance;
  private final LongSupplier clockMillis;
  private final List<Runnable> held = new ArrayList<>();
  private boolean down;
  private boolean late;

  FakeStore(LongSupplier clockMillis) {
    this("fake", new ModelBuckets(), clockMillis);
  }

  /** The way of one instance to buckets that others reach as well. */
  FakeStore(String instance, ModelBuckets buckets, LongSupplier clockMillis) {
    this.instance = instance;
    this.buckets = buckets;
    this.clockMillis = clockMillis;
  }

  void goDown() {
    down = true;
  }

  void comeBack() {
    down = false;
  }

  /** From now on draws are carried out, but their answers wait. */
  void holdAnswers() {
    late = true;
  }

  /** Answers everything that waits, and from now on at once. */
  void answerAll() {
    late = false;
    List<Runnable> now = List.copyOf(held);
    held.clear();
    now.forEach(Runnable::run);
  }

  List<Tier> tiers(int call) {
    return draws.get(call).stream().map(Draw::tier).toList();
  }

  @Override
  public CompletionStage<List<Drawn>> draw(List<Draw> asked) {
    draws.add(asked);
    if (down) {
      return failure();
    }
    List<Drawn> drawn = buckets.draw(instance, asked, clockMillis.getAsLong() * 1000);
    if (!late) {
      return CompletableFuture.completedFuture(drawn);
    }
    CompletableFuture<List<Drawn>> answer = new CompletableFuture<>();
    held.add(() -> answer.complete(drawn));
    return answer;
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
