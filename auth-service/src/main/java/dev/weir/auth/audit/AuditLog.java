package dev.weir.auth.audit;

import dev.weir.auth.database.Database;
import java.time.InstantSource;
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
  private final InstantSource clock;

  public AuditLog(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  public Mono<Void> append(AuditEvent event) {
    var insert =
        database
            .sql(
                """
                insert into audit.events (at, action, subject, session, address, trace_id)
                values (:at, :action, :subject, :session, cast(:address as inet), :trace)""")
            .bind("at", clock.instant())
            .bind("action", event.action().column())
            .bind("address", event.address())
            .bind("trace", event.traceId());
    return bind(bind(insert, "subject", event.subject()), "session", event.session()).then();
  }

  private static GenericExecuteSpec bind(GenericExecuteSpec spec, String name, Optional<UUID> id) {
    return id.isPresent() ? spec.bind(name, id.get()) : spec.bindNull(name, UUID.class);
  }
}
