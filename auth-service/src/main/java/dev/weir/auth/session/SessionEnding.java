package dev.weir.auth.session;

import dev.weir.auth.account.Accounts;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditEvent;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.outbox.Message;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.OutboxWorker;
import dev.weir.auth.outbox.Topic;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends sessions: the row, the audit event and the message to the gateways in one transaction, then
 * the message at once. Completes when Redis has acknowledged it, or right away when Redis cannot be
 * reached; the outbox then tries on, and the access tokens of the session die by themselves within
 * five minutes.
 */
public final class SessionEnding {
  private final Database database;
  private final SessionRows rows;
  private final Accounts accounts;
  private final AuditLog audit;
  private final Outbox outbox;
  private final OutboxWorker worker;
  private final RevocationFeed feed;
  private final AuthMetrics metrics;
  private final InstantSource clock;

  SessionEnding(SessionServices services, SessionRows rows) {
    this.database = services.database();
    this.rows = rows;
    this.accounts = services.accounts();
    this.audit = services.audit();
    this.outbox = services.outbox();
    this.worker = services.worker();
    this.feed = services.feed();
    this.metrics = services.metrics();
    this.clock = services.clock();
  }

  /** Ends one session; ending it twice is the same as once. */
  public Mono<Void> end(UUID sessionId, EndReason reason, Origin origin) {
    var change =
        rows.revoke(sessionId, reason.label(), clock.instant())
            .flatMap(userId -> record(sessionId, userId, reason, origin));
    return database
        .inTransaction(change)
        .doOnNext(_ -> metrics.sessionRevoked(reason.label()))
        .flatMap(worker::deliverNow);
  }

  /** Ends every session of a person, and every access token by raising their epoch. */
  public Mono<Void> endAll(UUID userId, Origin origin) {
    var reason = EndReason.LOGOUT_ALL;
    var change =
        accounts
            .raiseEpoch(userId)
            .delayUntil(_ -> rows.revokeAll(userId, reason.label(), clock.instant()))
            .delayUntil(
                _ ->
                    audit.append(
                        event(AuditAction.ALL_SESSIONS_REVOKED, userId, Optional.empty(), origin)))
            .flatMap(epoch -> announce(epochRaised(userId, epoch)));
    return database
        .inTransaction(change)
        .doOnNext(_ -> metrics.sessionRevoked(reason.label()))
        .flatMap(worker::deliverNow);
  }

  /**
   * Publishes everything that gateways must still know, after Redis may have lost it; a repetition
   * does no harm.
   */
  public Mono<Void> republish() {
    var recent = rows.revokedSince(clock.instant().minus(Revocation.LIFE));
    return database
        .run(recent.collectList())
        .flatMapMany(Flux::fromIterable)
        .concatMap(feed::publish)
        .then();
  }

  private Mono<Message> record(UUID sessionId, UUID userId, EndReason reason, Origin origin) {
    var action =
        reason == EndReason.REFRESH_REUSE ? AuditAction.REFRESH_REUSE : AuditAction.SESSION_REVOKED;
    return audit
        .append(event(action, userId, Optional.of(sessionId), origin))
        .then(Mono.defer(() -> announce(sessionEnded(sessionId, reason))));
  }

  private Mono<Message> announce(Revocation revocation) {
    var dedup = revocation.kind().wire() + ":" + revocation.id() + ":" + revocation.value();
    return outbox.addClaimed(Topic.REVOCATION, revocation.pack(), dedup);
  }

  private Revocation sessionEnded(UUID sessionId, EndReason reason) {
    return new Revocation(Revocation.Kind.SID, sessionId, "", expiry(), reason.label());
  }

  private Revocation epochRaised(UUID userId, long epoch) {
    return new Revocation(
        Revocation.Kind.UE, userId, Long.toString(epoch), expiry(), EndReason.LOGOUT_ALL.label());
  }

  private long expiry() {
    return clock.instant().plus(Revocation.LIFE).getEpochSecond();
  }

  private static AuditEvent event(
      AuditAction action, UUID userId, Optional<UUID> sessionId, Origin origin) {
    return new AuditEvent(
        action, Optional.of(userId), sessionId, origin.address(), origin.traceId());
  }
}
