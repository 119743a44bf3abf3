package dev.weir.gateway.throttle;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where the buckets live that all instances share. Neither method blocks or throws; a stage that
 * fails does so with a {@link StoreFailure}, within the store's own small bound on time.
 */
public interface BucketStore {

  /**
   * Takes a token from each bucket if every bucket has one, else from none, in one step that no
   * other instance can come between. Answers with one state per tier, in the order given.
   */
  CompletionStage<List<TierState>> take(List<Tier> tiers);

  /** Completes if the store could take tokens now: does all that {@link #take} needs. */
  CompletionStage<Void> probe();
}
