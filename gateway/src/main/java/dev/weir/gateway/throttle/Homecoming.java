package dev.weir.gateway.throttle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What has to be done when a store that was lost is back.
 *
 * @param first before anybody here draws from it
 * @param others for how long from then on others may still be without it
 * @param last when that is over
 */
record Homecoming(Supplier<CompletionStage<Void>> first, Duration others, Runnable last) {
  static final Homecoming NOTHING =
      new Homecoming(CompletableFuture::allOf, Duration.ZERO, () -> {});
}
