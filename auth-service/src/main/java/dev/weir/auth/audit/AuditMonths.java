package dev.weir.auth.audit;

import java.time.Duration;
import java.time.Instant;

/**
 * How the log is divided.
 *
 * @param madeUntil the end of the last month that was made without a gap from the current one on
 * @param unfiled how many events no month took in; at most 1000 are counted
 * @param overdue by how much the oldest event is older than any that is to be kept
 * @param refused whether nothing is dropped because a link or an anchor is not the service's
 */
public record AuditMonths(Instant madeUntil, long unfiled, Duration overdue, boolean refused) {
  /** Nobody has looked yet: a moment long past, so that never to look is seen as well. */
  static final AuditMonths UNKNOWN = new AuditMonths(Instant.EPOCH, 0, Duration.ZERO, false);
}
