package dev.weir.auth.idempotency;

import java.util.Optional;

/** An answer worth giving again: never one with a token or a cookie in it. */
public record Remembered(
    int status, Optional<String> location, Optional<String> etag, String body) {}
