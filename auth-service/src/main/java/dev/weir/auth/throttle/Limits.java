package dev.weir.auth.throttle;

/** The limits in force; what is not configurable is written where it is used. */
public record Limits(Limit loginAddress, Limit loginIdentity, Limit register) {}
