package dev.weir.auth.audit;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/**
 * Appends audit events; called inside the transaction of the change, so that one never exists
 * without the other.
 */
public final class AuditLog {
  private final Database database;
  private final EventDigest digest;
  private final InstantSource clock;

  public AuditLog(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.digest = new EventDigest(keys);
    this.clock = clock;
  }

  public Mono<Void> append(AuditEvent event) {
    // What Postgres keeps of a time, so that the digest can be made again from the row.
    var at = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var hash =
        digest.of(
            new EventDigest.Content(
                at,
                event.action().column(),
                event.subject(),
                event.session(),
                event.address(),
                event.traceId()));
    var insert =
        database
            .sql(
                """
                insert into audit.events
                  (at, action, subject, session, address, trace_id, hash, hash_key)
                values (:at, :action, :subject, :session, cast(:address as inet), :trace, :hash,
                  :key)""")
            .bind("at", at)
            .bind("hash", hash.bytes())
            .bind("key", hash.kid())
            .bind("action", event.action().column())
            .bind("address", event.address())
            .bind("trace", event.traceId());
    return bind(bind(insert, "subject", event.subject()), "session", event.session()).then();
  }

  /** Returns what was recorded of one person, the latest thousand; the log as such stays closed. */
  public Mono<List<Map<String, Object>>> of(UUID subject) {
    return database
        .sql("select at, action, session, address from audit.events_of(:subject)")
        .bind("subject", subject)
        .map(Row.as(AuditLog::view))
        .all()
        .collectList();
  }

  private static Map<String, Object> view(Row row) {
    var view = new LinkedHashMap<String, Object>();
    view.put("at", row.instant("at"));
    view.put("action", row.text("action"));
    row.optionalId("session").ifPresent(session -> view.put("session", session));
    view.put("address", row.text("address"));
    return view;
  }

  private static GenericExecuteSpec bind(GenericExecuteSpec spec, String name, Optional<UUID> id) {
    return id.isPresent() ? spec.bind(name, id.get()) : spec.bindNull(name, UUID.class);
  }
}
