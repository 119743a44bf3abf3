package dev.weir.jmh.sample;

import dev.weir.gateway.throttle.BucketStore;
import dev.weir.gateway.throttle.Draw;
import dev.weir.gateway.throttle.Drawn;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Shared buckets that never run dry and answer at once, so that decisions alone are measured. */
public final class GenerousStore implements BucketStore {
  private static final long LEFT = 1_000_000;

  @Override
  public CompletionStage<List<Drawn>> draw(List<Draw> draws) {
    return CompletableFuture.completedFuture(
        draws.stream().map(draw -> new Drawn(true, draw.report().want(), LEFT, 1)).toList());
  }

  @Override
  public CompletionStage<Void> probe() {
    return CompletableFuture.allOf();
  }
}
