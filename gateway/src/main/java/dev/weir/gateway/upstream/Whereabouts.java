package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Endpoint;
import java.util.Comparator;
import java.util.List;

/**
 * What one round of questions found.
 *
 * @param endpoints sorted and without repetition, so that equal answers are equal lists
 * @param ttlSeconds the shortest time to live among the records
 * @param complete whether every question was answered; what was not is as it was before
 */
record Whereabouts(List<Endpoint> endpoints, long ttlSeconds, boolean complete) {
  /** More are left out: what a name says must not take all memory. */
  static final int MOST = 256;

  /** Sorts and bounds the endpoints. */
  Whereabouts {
    endpoints =
        endpoints.stream()
            .distinct()
            .sorted(Comparator.comparing(Endpoint::label))
            .limit(MOST)
            .toList();
  }
}
