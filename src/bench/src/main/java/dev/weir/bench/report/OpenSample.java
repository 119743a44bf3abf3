package dev.weir.bench.report;

import java.util.Optional;

/**
 * What one open loop showed; latencies in microseconds from the moment a request was due.
 *
 * @param held whether the rate was served: nearly all requests were answered by the end
 * @param fault why it does not count
 */
public record OpenSample(
    String mode,
    String protocol,
    String contender,
    int round,
    double ratePerSecond,
    long requests,
    double p50,
    double p99,
    double p999,
    boolean held,
    Optional<String> fault) {
  /** The contender's name where clients asked the upstream itself, without TLS. */
  public static final String DIRECT = "(upstream)";
}
