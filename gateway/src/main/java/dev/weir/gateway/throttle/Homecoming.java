package dev.weir.gateway.throttle;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * What has to be done when a store that was lost is back.
 *
 * @param settle before anybody here draws from it
 * @param others for how long from then on others may still be without it
 * @param forget what was known of shares: when all have it again, and when it begins to fail, since
 *     single calls fail in between, and a share left from such a one would have filled up
 */
record Homecoming(Supplier<CompletionStage<Void>> settle, Duration others, Runnable forget) {
  static final Homecoming NOTHING =
      new Homecoming(CompletableFuture::allOf, Duration.ZERO, () -> {});
}
