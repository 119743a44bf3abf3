package dev.weir.auth.session;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import java.time.Instant;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The statements by which sessions end; each leaves alone what has ended already. */
final class SessionEndRows {
  private final Database database;

  SessionEndRows(Database database) {
    this.database = database;
  }

  /** Ends an active session; one that is not active is left alone and nothing comes back. */
  Mono<UUID> revoke(UUID id, String reason, Instant now) {
    return database
        .sql(
            """
            update auth.sessions set status = 'revoked', revoked_at = :now, revoke_reason = :reason
            where id = :id and status = 'active' returning user_id""")
        .bind("now", now)
        .bind("reason", reason)
        .bind("id", id)
        .map(Row.as(row -> row.id("user_id")))
        .one();
  }

  Flux<UUID> revokeOthers(UUID userId, UUID kept, String reason, Instant now) {
    return database
        .sql(
            """
            update auth.sessions set status = 'revoked', revoked_at = :now, revoke_reason = :reason
            where user_id = :user and id <> :kept and status = 'active' returning id""")
        .bind("now", now)
        .bind("reason", reason)
        .bind("user", userId)
        .bind("kept", kept)
        .map(Row.as(row -> row.id("id")))
        .all();
  }

  Mono<Long> revokeAll(UUID userId, String reason, Instant now) {
    return database
        .sql(
            """
            update auth.sessions set status = 'revoked', revoked_at = :now, revoke_reason = :reason
            where user_id = :user and status = 'active'""")
        .bind("now", now)
        .bind("reason", reason)
        .bind("user", userId)
        .fetch()
        .rowsUpdated();
  }

  /**
   * Lists everything that gateways must still know: ended sessions and raised epochs since then.
   */
  Flux<Revocation> revokedSince(Instant since) {
    return database
        .sql(
            """
            select 'sid' as kind, id, '' as value, revoked_at as at, revoke_reason as reason
              from auth.sessions where revoked_at > :since
            union all
            select 'ue', id, user_epoch::text, epoch_raised_at, 'logout_all'
              from auth.users where epoch_raised_at > :since""")
        .bind("since", since)
        .map(Row.as(SessionEndRows::revocation))
        .all();
  }

  Mono<Void> forgetPlaces(UUID userId) {
    return database
        .sql(
            """
            update auth.sessions set user_agent = '-', address = '-', device_digest = null
            where user_id = :user""")
        .bind("user", userId)
        .then();
  }

  private static Revocation revocation(Row row) {
    return new Revocation(
        Revocation.Kind.valueOf(row.text("kind").toUpperCase(java.util.Locale.ROOT)),
        row.id("id"),
        row.text("value"),
        row.instant("at").plus(Revocation.LIFE).getEpochSecond(),
        row.text("reason"));
  }
}
