package dev.weir.auth.session;

import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.SealedColumn;
import dev.weir.auth.session.RefreshOutcome.Cause;
import dev.weir.auth.session.RefreshOutcome.Denied;
import dev.weir.auth.session.RefreshOutcome.Granted;
import dev.weir.auth.session.RefreshOutcome.Reason;
import dev.weir.auth.token.RefreshToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Opens, renews and shows sessions; the only writer of their table, together with {@link
 * SessionEnding}.
 */
public final class Sessions {
  public static final SealedColumn SEALED =
      SealedColumn.ofRow("auth.sessions", "key_ct", "sessions.key");

  private static final Duration IDLE = Duration.ofDays(14);
  private static final Duration ABSOLUTE = Duration.ofDays(30);
  private static final int MAX_USER_AGENT = 200;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final SessionRows rows;
  private final SessionEnding ending;
  private final AuditLog audit;
  private final InstantSource clock;

  public Sessions(SessionServices services) {
    this.database = services.database();
    this.rows = new SessionRows(services.database(), services.keys());
    this.ending = new SessionEnding(services);
    this.audit = services.audit();
    this.clock = services.clock();
  }

  public SessionEnding ending() {
    return ending;
  }

  /** Opens a session in the caller's transaction, always under a new id and a new key. */
  public Mono<Session> open(UUID userId, Session.Client client, Session.Proof proof) {
    var now = clock.instant();
    var key = new byte[32];
    RANDOM.nextBytes(key);
    var session =
        new Session(
            UUID.randomUUID(),
            userId,
            true,
            1,
            key,
            Optional.empty(),
            new Session.Lifetime(now, now, now.plus(IDLE), now.plus(ABSOLUTE)),
            proof,
            client.cut(MAX_USER_AGENT));
    return rows.insert(session).thenReturn(session);
  }

  /** Opens one in place of another whose password was given again; that renews no second factor. */
  public Mono<Session> reopen(Session old) {
    boolean isStrong = old.proof().acr().equals(StepUp.AAL2.acr());
    return open(old.userId(), old.client(), isStrong ? old.proof() : password());
  }

  /** Returns the proof of a password, given now. */
  public Session.Proof password() {
    return new Session.Proof(StepUp.AAL1.acr(), List.of("pwd"), clock.instant());
  }

  /** Returns the proof of a second factor, given now, after that of a session or a password. */
  public Mono<Session.Proof> secondFactor(Optional<UUID> session, String method) {
    return Mono.justOrEmpty(session)
        .flatMap(rows::find)
        .map(Session::proof)
        .switchIfEmpty(Mono.fromSupplier(this::password))
        .map(proof -> proof.with(method, clock.instant()));
  }

  /** Returns the proof of a passkey whose user was verified, given now (RFC 8176). */
  public Session.Proof passkey() {
    return new Session.Proof(StepUp.AAL2.acr(), List.of("pop", "mfa"), clock.instant());
  }

  /** Returns what is held of a person's sessions, living and ended, for an export. */
  public Mono<List<Map<String, Object>>> recorded(UUID userId) {
    return rows.recorded(userId).collectList();
  }

  public static String refreshToken(Session session) {
    return RefreshToken.write(session.id(), session.counter(), session.key());
  }

  /** Finds a session that has not ended; one that has is as absent as any other. */
  public Mono<Session> findLive(UUID id) {
    return database.run(rows.find(id)).filter(session -> session.isLive(clock.instant()));
  }

  public Mono<List<Session>> listLive(UUID userId) {
    return database.run(rows.active(userId, clock.instant()).collectList());
  }

  /** Makes {@link #listLive} for another database, such as one that may lag. */
  public static Function<UUID, Mono<List<Session>>> listing(
      Database database, Keys keys, InstantSource clock) {
    var rows = new SessionRows(database, keys);
    return userId -> database.run(rows.active(userId, clock.instant()).collectList());
  }

  /**
   * Finds the session that a refresh token was made for; the HMAC is checked before anything
   * changes or counts, so that guessing an id ends no session and uses up no budget.
   */
  public Mono<Session> findAuthentic(RefreshToken token, ClientKind channel) {
    return database
        .run(rows.find(token.sessionId()))
        .filter(session -> token.isAuthentic(session.key()))
        .filter(session -> session.client().kind() == channel);
  }

  /** Carries out one refresh with the token that the session was found by. */
  public Mono<RefreshOutcome> refresh(
      Session session, RefreshToken token, Optional<String> deviceDigest, Origin origin) {
    return carryOut(new Attempt(token, deviceDigest, origin), session);
  }

  private Mono<RefreshOutcome> carryOut(Attempt attempt, Session session) {
    var now = clock.instant();
    var presented = attempt.token().counter();
    return switch (RefreshRule.decide(session, presented, attempt.deviceDigest(), now)) {
      case ROTATE -> rotate(attempt);
      case REPEAT_CONCURRENT -> Mono.just(granted(session, Cause.GRACE_CONCURRENT));
      case REPEAT_LOST -> repeatLost(attempt, session);
      case REUSED -> reused(attempt);
      case FORGED -> forged(attempt, session);
      case ENDED -> Mono.just(new Denied(Reason.ENDED));
    };
  }

  private Mono<RefreshOutcome> rotate(Attempt attempt) {
    var id = attempt.token().sessionId();
    var now = clock.instant();
    return database
        .run(rows.rotate(id, attempt.token().counter(), now, now.plus(IDLE)))
        .map(session -> granted(session, Cause.ROTATED))
        .switchIfEmpty(Mono.defer(() -> again(attempt)));
  }

  /** Another call was faster; the row has moved on, so this look never decides to rotate. */
  private Mono<RefreshOutcome> again(Attempt attempt) {
    return database
        .run(rows.find(attempt.token().sessionId()))
        .flatMap(session -> carryOut(attempt, session));
  }

  private Mono<RefreshOutcome> repeatLost(Attempt attempt, Session session) {
    return database
        .run(rows.claimLostResponse(session.id(), session.counter(), clock.instant()))
        .map(current -> granted(current, Cause.GRACE_LOST_RESPONSE))
        .switchIfEmpty(Mono.defer(() -> reused(attempt)));
  }

  private Mono<RefreshOutcome> reused(Attempt attempt) {
    return ending
        .end(attempt.token().sessionId(), EndReason.REFRESH_REUSE, attempt.origin())
        .thenReturn(new Denied(Reason.REUSED));
  }

  /** A counter ahead of the row, under the right key: a restored database or a stolen key. */
  private Mono<RefreshOutcome> forged(Attempt attempt, Session session) {
    var event =
        attempt
            .origin()
            .event(
                AuditAction.REFRESH_FORGED,
                Optional.of(session.userId()),
                Optional.of(session.id()));
    return database.run(audit.append(event)).thenReturn(new Denied(Reason.INVALID));
  }

  private static RefreshOutcome granted(Session session, Cause cause) {
    return new Granted(session, refreshToken(session), cause);
  }

  private record Attempt(RefreshToken token, Optional<String> deviceDigest, Origin origin) {}
}
