package dev.weir.auth.factor;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One passkey as its holder may see it.
 *
 * @param backedUp whether it is kept by more than one device
 */
public record Passkey(
    UUID id, String name, boolean backedUp, Instant createdAt, Optional<Instant> lastUsedAt) {}
