package dev.weir.bench.report;

/** A contender that did not take part, and why. */
public record Exclusion(String mode, String contender, String reason) {}
