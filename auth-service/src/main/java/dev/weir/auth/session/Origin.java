package dev.weir.auth.session;

/** Where a request comes from, for the audit record. */
public record Origin(String address, String traceId) {}
