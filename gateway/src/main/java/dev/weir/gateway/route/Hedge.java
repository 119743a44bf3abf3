package dev.weir.gateway.route;

/**
 * When a read that takes long is asked for a second time, at another endpoint.
 *
 * @param percentile of the latest answers' latencies; slower than that is long
 */
public record Hedge(int percentile) {

  /** Checks the bound. */
  public Hedge {
    if (percentile < 1 || percentile > 99) {
      throw new IllegalArgumentException("percentile must be 1 to 99: " + percentile);
    }
  }
}
