package dev.weir.auth.audit;

import java.util.Optional;
import java.util.UUID;

/** One thing that happened, to whom and in which session; never a secret. */
public record AuditEvent(
    AuditAction action,
    Optional<UUID> subject,
    Optional<UUID> session,
    String address,
    String traceId) {}
