package dev.weir.auth.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Declares every meter of the service; tag values come from enums and constants, never from a
 * request.
 */
public final class AuthMetrics {
  private static final String LOGOUTS = "weir.auth.logouts";
  private static final String THROTTLE_FALLBACK = "weir.auth.throttle.fallback";
  private static final String HASH_REJECTED = "weir.auth.hash.rejected";
  private static final String AUDIT_LINKED = "weir.auth.audit.linked";
  private static final String RESEALED = "weir.auth.resealed";

  private final MeterRegistry registry;

  /**
   * Shows the counters without labels from the start: rate() does not see the event a counter is
   * born with.
   */
  public AuthMetrics(MeterRegistry registry) {
    this.registry = registry;
    List.of(LOGOUTS, THROTTLE_FALLBACK, HASH_REJECTED, RESEALED, AUDIT_LINKED)
        .forEach(registry::counter);
  }

  public void request(String operation, String outcome, Duration took) {
    Timer.builder("weir.auth.requests")
        .tag("operation", operation)
        .tag("outcome", outcome)
        .serviceLevelObjectives(
            Duration.ofMillis(5),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofMillis(2500))
        .register(registry)
        .record(took);
  }

  public void login(String outcome) {
    registry.counter("weir.auth.logins", "outcome", outcome).increment();
  }

  public void registration(String outcome) {
    registry.counter("weir.auth.registrations", "outcome", outcome).increment();
  }

  public void refresh(String outcome) {
    registry.counter("weir.auth.refreshes", "outcome", outcome).increment();
  }

  /** Counts what people change on their own accounts. */
  public void accountChange(String what) {
    registry.counter("weir.auth.account.changes", "what", what).increment();
  }

  /** Counts forgotten passwords and resets. */
  public void recovery(String step) {
    registry.counter("weir.auth.recoveries", "step", step).increment();
  }

  /** Counts what second factors led to. */
  public void factor(String outcome) {
    registry.counter("weir.auth.factors", "outcome", outcome).increment();
  }

  /** Counts proofs of keys; local is decided without the shared memory of them. */
  public void proof(String outcome) {
    registry.counter("weir.auth.proofs", "outcome", outcome).increment();
  }

  /** Counts what administrators do to accounts. */
  public void administration(String action) {
    registry.counter("weir.auth.administration", "action", action).increment();
  }

  public void logout() {
    registry.counter(LOGOUTS).increment();
  }

  public void sessionRevoked(String reason) {
    registry.counter("weir.auth.sessions.revoked", "reason", reason).increment();
  }

  public void revocationPublish(String outcome) {
    registry.counter("weir.auth.revocation.publish", "outcome", outcome).increment();
  }

  public void throttleFallback() {
    registry.counter(THROTTLE_FALLBACK).increment();
  }

  /** Counts what was heard of a chosen password from the service of leaked ones. */
  public void leakCheck(String outcome) {
    registry.counter("weir.auth.leak.checks", "outcome", outcome).increment();
  }

  /** Counts values that were sealed anew because their key is retiring. */
  public void resealed(long values) {
    registry.counter(RESEALED).increment((double) values);
  }

  public void auditLinked(long events) {
    registry.counter(AUDIT_LINKED).increment((double) events);
  }

  public void auditUnlinked(Supplier<Number> events) {
    gauge("weir.auth.audit.unlinked", events);
  }

  /** Shows how many events come from a clock that is ahead, and wait for their time. */
  public void auditAhead(Supplier<Number> events) {
    gauge("weir.auth.audit.ahead", events);
  }

  /** Shows until when the log has months, in seconds of the epoch, and what none took in. */
  public void auditMonths(Supplier<Number> end, Supplier<Number> unfiled) {
    gauge("weir.auth.audit.months.end.seconds", end);
    gauge("weir.auth.audit.unfiled", unfiled);
  }

  /** Shows by how much the log is older than it is to be, and whether that is for tampering. */
  public void auditRetention(Supplier<Number> overdue, Supplier<Number> refused) {
    gauge("weir.auth.audit.overdue.seconds", overdue);
    gauge("weir.auth.audit.drop.refused", refused);
  }

  /** Counts by whom a read that may lag was answered. */
  public void replicaRead(String answeredBy) {
    registry.counter("weir.auth.replica.reads", "answered_by", answeredBy).increment();
  }

  public Timer hashDuration() {
    return Timer.builder("weir.auth.hash.duration")
        .serviceLevelObjectives(
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofSeconds(1))
        .register(registry);
  }

  public void hashRejected() {
    registry.counter(HASH_REJECTED).increment();
  }

  public void hashQueue(Supplier<Number> size) {
    gauge("weir.auth.hash.queue", size);
  }

  public void outboxPending(Supplier<Number> pending) {
    gauge("weir.auth.outbox.pending", pending);
  }

  public void databasePool(Supplier<Number> acquired, Supplier<Number> pending) {
    gauge("weir.auth.db.pool.acquired", acquired);
    gauge("weir.auth.db.pool.pending", pending);
  }

  public void redisUp(Supplier<Number> up) {
    gauge("weir.auth.redis.up", up);
  }

  private void gauge(String name, Supplier<Number> value) {
    io.micrometer.core.instrument.Gauge.builder(name, value).register(registry);
  }
}
