package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.route.Limit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a request takes of each limit of a route: an array per method, made once. */
final class Weights {
  private final int[] usual;
  private final Map<String, int[]> byMethod = new HashMap<>();

  Weights(List<Limit> limits) {
    this.usual = limits.stream().mapToInt(limit -> limit.cost().usual()).toArray();
    for (Limit limit : limits) {
      for (String method : limit.cost().byMethod().keySet()) {
        byMethod.computeIfAbsent(method, of -> weights(limits, of));
      }
    }
  }

  private static int[] weights(List<Limit> limits, String method) {
    return limits.stream()
        .map(Limit::cost)
        .mapToInt(cost -> cost.byMethod().getOrDefault(method, cost.usual()))
        .toArray();
  }

  /** Returns the tokens in the order of the limits; not to be written to. */
  int[] of(Exchange exchange) {
    return byMethod.isEmpty() ? usual : byMethod.getOrDefault(exchange.method().name(), usual);
  }
}
