package dev.weir.bench.report;

import java.util.Optional;

/**
 * One contender in one mode and protocol, over all rounds.
 *
 * @param weirRatio Weir's CPU per request divided by this one's, round by round
 * @param addedP50 what it puts on top of the upstream's own p50
 */
public record Row(
    String mode,
    String protocol,
    String contender,
    Optional<Spread> perSecond,
    Optional<Spread> cpuMicros,
    Optional<Spread> busy,
    Optional<Spread> weirRatio,
    Optional<Spread> redisPerThousand,
    Optional<Spread> p50,
    Optional<Spread> p99,
    Optional<Spread> p999,
    Optional<Spread> addedP50,
    boolean held) {}
