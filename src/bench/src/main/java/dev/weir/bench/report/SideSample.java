package dev.weir.bench.report;

import java.util.Optional;

/**
 * What one closed loop of a side question showed, such as what a refusal costs.
 *
 * @param group the question
 * @param cell one answer to it; the first cell of a group is what the others are compared with
 * @param fault why it does not count
 */
public record SideSample(
    String group,
    String protocol,
    String cell,
    int round,
    double perSecond,
    double cpuMicros,
    Optional<String> fault) {}
