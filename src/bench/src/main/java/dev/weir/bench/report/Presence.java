package dev.weir.bench.report;

/**
 * A contender that took part in a mode.
 *
 * @param startMillis from its start to its first 200, on its one core
 * @param residentKibibytes after the load
 */
public record Presence(
    String mode, String contender, long startMillis, long residentKibibytes, long peakKibibytes) {}
