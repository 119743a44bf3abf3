package dev.weir.gateway.throttle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where the buckets live that all instances share. Neither method blocks or throws; a stage that
 * fails does so with a {@link StoreFailure}, within the store's own small bound on time.
 */
public interface BucketStore {
  /** How long a lease holds by the store's clock, from the moment it was given. */
  Duration LEASE = Duration.ofSeconds(1);

  /**
   * Draws from each bucket if every bucket has what is needed, else from none, in one step that no
   * other instance can come between. Answers with one state per draw, in the order given. A call
   * that fails may have been carried out all the same.
   */
  CompletionStage<List<Drawn>> draw(List<Draw> draws);

  /** Completes if the store could give tokens now: does all that {@link #draw} needs. */
  CompletionStage<Void> probe();
}
