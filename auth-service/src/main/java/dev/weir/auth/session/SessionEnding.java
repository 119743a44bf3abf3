package dev.weir.auth.session;

import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.Notice;
import dev.weir.auth.account.Notices;
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
  private final SessionEndRows rows;
  private final Accounts accounts;
  private final AuditLog audit;
  private final Outbox outbox;
  private final Notices notices;
  private final OutboxWorker worker;
  private final RevocationFeed feed;
  private final AuthMetrics metrics;
  private final InstantSource clock;

  SessionEnding(SessionServices services) {
    this.database = services.database();
    this.rows = new SessionEndRows(services.database());
    this.accounts = services.accounts();
    this.audit = services.audit();
    this.outbox = services.outbox();
    this.notices = services.notices();
    this.worker = services.worker();
    this.feed = services.feed();
    this.metrics = services.metrics();
    this.clock = services.clock();
  }

  /**
   * Ends one session; ending it twice is the same as once. Whoever comes second also waits until
   * the gateways know, which the first may still be about to tell them.
   */
  public Mono<Void> end(UUID sessionId, EndReason reason, Origin origin) {
    return database
        .inTransaction(endWithin(sessionId, reason, origin))
        .switchIfEmpty(Mono.defer(() -> untold(sessionId)))
        .flatMap(worker::deliverNow);
  }

  /** Ends a session in the caller's transaction; what comes back is to be delivered after it. */
  public Mono<Message> endWithin(UUID sessionId, EndReason reason, Origin origin) {
    return rows.revoke(sessionId, reason.label(), clock.instant())
        .doOnNext(_ -> metrics.sessionRevoked(reason.label()))
        .flatMap(userId -> record(sessionId, userId, reason, origin));
  }

  /** Ends every session of a person but this one. */
  public Mono<Void> endOthers(UUID userId, UUID kept, Origin origin) {
    var ended =
        rows.revokeOthers(userId, kept, EndReason.REVOKED.label(), clock.instant())
            .collectList()
            .flatMapMany(Flux::fromIterable)
            .doOnNext(_ -> metrics.sessionRevoked(EndReason.REVOKED.label()))
            .concatMap(id -> record(id, userId, EndReason.REVOKED, origin))
            .collectList();
    return database
        .inTransaction(ended)
        .flatMapMany(Flux::fromIterable)
        .concatMap(worker::deliverNow)
        .then();
  }

  /** Ends every session of a person, and every access token by raising their epoch. */
  public Mono<Void> endAll(UUID userId, EndReason reason, Origin origin) {
    return database.inTransaction(endAllWithin(userId, reason, origin)).flatMap(worker::deliverNow);
  }

  /** Ends them in the caller's transaction; what comes back is to be delivered after it. */
  public Mono<Message> endAllWithin(UUID userId, EndReason reason, Origin origin) {
    return accounts
        .raiseEpoch(userId)
        .delayUntil(_ -> rows.revokeAll(userId, reason.label(), clock.instant()))
        .delayUntil(_ -> audit.append(origin.event(reason.action(), userId)))
        .flatMap(epoch -> announce(epochRaised(userId, epoch, reason)))
        .doOnNext(_ -> metrics.sessionRevoked(reason.label()));
  }

  /** Ends every access token of a person in the caller's transaction; their sessions go on. */
  public Mono<Message> endTokensWithin(UUID userId) {
    return accounts
        .raiseEpoch(userId)
        .flatMap(epoch -> announce(epochRaised(userId, epoch, EndReason.ADMINISTRATOR)));
  }

  /** Overwrites where a person's sessions were, in the caller's transaction. */
  public Mono<Void> forgetPlaces(UUID userId) {
    return rows.forgetPlaces(userId);
  }

  /** Tells the gateways now; completes either way, because the outbox tries on. */
  public Mono<Void> deliver(Message message) {
    return worker.deliverNow(message);
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

  private Mono<Message> untold(UUID sessionId) {
    return database.run(outbox.unsent(dedupKey(sessionEnded(sessionId, EndReason.LOGOUT))));
  }

  private Mono<Message> record(UUID sessionId, UUID userId, EndReason reason, Origin origin) {
    return audit
        .append(origin.event(reason.action(), Optional.of(userId), Optional.of(sessionId)))
        .then(reason == EndReason.REFRESH_REUSE ? warn(userId) : Mono.empty())
        .then(Mono.defer(() -> announce(sessionEnded(sessionId, reason))));
  }

  private Mono<Void> warn(UUID userId) {
    return notices.tell(userId, Notice.REFRESH_REUSED);
  }

  private Mono<Message> announce(Revocation revocation) {
    return outbox.addClaimed(Topic.REVOCATION, revocation.pack(), dedupKey(revocation));
  }

  private static String dedupKey(Revocation revocation) {
    return revocation.kind().wire() + ":" + revocation.id() + ":" + revocation.value();
  }

  private Revocation sessionEnded(UUID sessionId, EndReason reason) {
    return new Revocation(Revocation.Kind.SID, sessionId, "", expiry(), reason.label());
  }

  private Revocation epochRaised(UUID userId, long epoch, EndReason reason) {
    return new Revocation(
        Revocation.Kind.UE, userId, Long.toString(epoch), expiry(), reason.label());
  }

  private long expiry() {
    return clock.instant().plus(Revocation.LIFE).getEpochSecond();
  }
}
