package dev.weir.auth.session;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Tells clients that have met a second factor of a person from all others. A browser is known by
 * its device cookie, a native client by its key, and either while its session lasts by that. Nobody
 * becomes known by a password, so whoever stole one cannot provide themselves with many such names.
 */
public final class KnownClients {
  /** As long as a device cookie. */
  private static final Duration KNOWN_FOR = SessionCookies.DEVICE_LIFE;

  private static final UUID NONE = new UUID(0, 0);

  private final Database database;
  private final InstantSource clock;

  public KnownClients(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Returns what of a client has met a second factor of this person before, if anything has. */
  public Mono<Optional<String>> find(UUID userId, Session.Client client, Optional<UUID> session) {
    return database
        .sql(
            """
            select case
                when device_digest = :device then 'device:' || device_digest
                when jkt = :key then 'key:' || jkt
                else 'session:' || id end as known
            from auth.sessions
            where user_id = :user and amr @> array['mfa'] and created_at > :since
              and (device_digest = :device or jkt = :key or id = :session)
            order by known limit 1""")
        .bind("user", userId)
        .bind("since", clock.instant().minus(KNOWN_FOR))
        // None of them is ever stored empty.
        .bind("device", client.deviceDigest().orElse(""))
        .bind("key", client.key().orElse(""))
        .bind("session", session.orElse(NONE))
        .map(Row.as(row -> row.text("known")))
        .one()
        .map(Optional::of)
        .defaultIfEmpty(Optional.empty());
  }
}
