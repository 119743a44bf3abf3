package dev.weir.bench.report;

import java.util.Optional;

/**
 * What one closed loop showed.
 *
 * @param busy share of its core that the contender used; well below 1 the load was the limit
 * @param redisPerThousand calls to Redis per thousand requests
 * @param fault why it does not count
 */
public record ClosedSample(
    String mode,
    String protocol,
    String contender,
    int round,
    long requests,
    double perSecond,
    double cpuMicros,
    double busy,
    double redisPerThousand,
    Optional<String> fault) {}
