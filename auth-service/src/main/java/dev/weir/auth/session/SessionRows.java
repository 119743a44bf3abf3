package dev.weir.auth.session;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The statements by which sessions live; every change names the state that it expects, so that rows
 * serialise races.
 */
final class SessionRows {
  private static final String COLUMNS =
      """
      id, user_id, status, counter, key_ct, rotated_at, created_at, last_used_at, idle_expires_at,
      abs_expires_at, acr, amr, auth_time, persistent, device_digest, jkt, client_id, user_agent, address
      """;

  private final Database database;
  private final Keys keys;

  SessionRows(Database database, Keys keys) {
    this.database = database;
    this.keys = keys;
  }

  Mono<Void> insert(Session session) {
    var insert =
        database
            .sql(
                """
                insert into auth.sessions (id, user_id, status, counter, key_ct, created_at,
                  last_used_at, idle_expires_at, abs_expires_at, acr, amr, auth_time, persistent,
                  device_digest, jkt, client_id, user_agent, address)
                values (:id, :user, 'active', :counter, :key, :created, :created, :idle, :abs, :acr,
                  :amr, :auth, :persistent, :device, :jkt, :client, :agent, :address)""")
            .bind("id", session.id())
            .bind("user", session.userId())
            .bind("counter", session.counter())
            .bind("key", keys.seal(session.key(), place(session.id())))
            .bind("created", session.lifetime().createdAt())
            .bind("idle", session.lifetime().idleExpiresAt())
            .bind("abs", session.lifetime().expiresAt())
            .bind("acr", session.proof().acr())
            .bind("amr", session.proof().amr().toArray(String[]::new))
            .bind("auth", session.proof().authenticatedAt())
            .bind("persistent", session.client().persistent())
            .bind("client", session.client().kind().clientId())
            .bind("agent", session.client().userAgent())
            .bind("address", session.client().address());
    var bound = optional(insert, "device", session.client().deviceDigest());
    return optional(bound, "jkt", session.client().key()).then();
  }

  Mono<Session> find(UUID id) {
    return database
        .sql("select " + COLUMNS + " from auth.sessions where id = :id")
        .bind("id", id)
        .map(Row.as(this::session))
        .one();
  }

  Flux<Session> active(UUID userId, Instant now) {
    return database
        .sql(
            "select "
                + COLUMNS
                + """
                 from auth.sessions where user_id = :user and status = 'active'
                  and idle_expires_at > :now and abs_expires_at > :now
                order by created_at desc limit 100""")
        .bind("user", userId)
        .bind("now", now)
        .map(Row.as(this::session))
        .all();
  }

  /**
   * Rotates if nobody else has, and if nobody has ended the session. What a second factor gave ends
   * after an hour without use or a day in all (SP 800-63B AAL2); the session goes on with less.
   */
  Mono<Session> rotate(UUID id, long presented, Instant now, Instant idle) {
    return database
        .sql(
            """
            update auth.sessions set counter = counter + 1, rotated_at = :now, last_used_at = :now,
              idle_expires_at = least(:idle, abs_expires_at),
              acr = case when acr = 'urn:x:aal2'
                and (last_used_at < :hour or auth_time < :day) then 'urn:x:aal1' else acr end
            where id = :id and counter = :presented and status = 'active'
              and idle_expires_at > :now and abs_expires_at > :now
            returning\s"""
                + COLUMNS)
        .bind("now", now)
        .bind("idle", idle)
        .bind("hour", now.minus(Duration.ofHours(1)))
        .bind("day", now.minus(Duration.ofDays(1)))
        .bind("id", id)
        .bind("presented", presented)
        .map(Row.as(this::session))
        .one();
  }

  /** Claims the one repetition that a lost answer gets at this counter. */
  Mono<Session> claimLostResponse(UUID id, long counter) {
    return database
        .sql(
            """
            update auth.sessions set lost_response_at_counter = counter
            where id = :id and counter = :counter and status = 'active'
              and lost_response_at_counter is distinct from counter
            returning\s"""
                + COLUMNS)
        .bind("id", id)
        .bind("counter", counter)
        .map(Row.as(this::session))
        .one();
  }

  Flux<Map<String, Object>> recorded(UUID userId) {
    return database
        .sql(
            """
            select id, created_at, last_used_at, user_agent, address, revoked_at,
              coalesce(revoke_reason, status) as ending
            from auth.sessions where user_id = :user order by created_at desc limit 1000""")
        .bind("user", userId)
        .map(Row.as(SessionRows::record))
        .all();
  }

  private static Map<String, Object> record(Row row) {
    var record = new LinkedHashMap<String, Object>();
    record.put("id", row.id("id"));
    record.put("created_at", row.instant("created_at"));
    record.put("last_used_at", row.instant("last_used_at"));
    record.put("device", row.text("user_agent"));
    record.put("address", row.text("address"));
    record.put("state", row.text("ending"));
    row.optionalInstant("revoked_at").ifPresent(at -> record.put("ended_at", at));
    return record;
  }

  private Session session(Row row) {
    var id = row.id("id");
    return new Session(
        id,
        row.id("user_id"),
        "active".equals(row.text("status")),
        row.number("counter"),
        keys.open(row.bytes("key_ct"), place(id)),
        row.optionalInstant("rotated_at"),
        new Session.Lifetime(
            row.instant("created_at"),
            row.instant("last_used_at"),
            row.instant("idle_expires_at"),
            row.instant("abs_expires_at")),
        new Session.Proof(row.text("acr"), row.texts("amr"), row.instant("auth_time")),
        new Session.Client(
            ClientKind.of(row.text("client_id")),
            row.flag("persistent"),
            row.optionalText("device_digest"),
            row.optionalText("jkt"),
            row.text("user_agent"),
            row.text("address")));
  }

  private static GenericExecuteSpec optional(
      GenericExecuteSpec spec, String name, Optional<String> value) {
    return value.isPresent() ? spec.bind(name, value.get()) : spec.bindNull(name, String.class);
  }

  private static String place(UUID id) {
    return "sessions.key:" + id;
  }
}
