package dev.weir.auth.factor;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** One second factor as its holder may see it. */
public record Factor(UUID id, String type, Instant createdAt, Optional<Instant> lastUsedAt) {}
