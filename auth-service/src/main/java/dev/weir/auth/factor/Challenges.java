package dev.weir.auth.factor;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.OpaqueCode;
import dev.weir.auth.key.SealedColumn;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/**
 * Challenges, each under an id of 256 bits that only the asked client knows: five minutes, five
 * tries, and the first success is the last. They are in Postgres and not in Redis, so that second
 * factors work while Redis is lost.
 */
public final class Challenges {
  public static final Duration LIFE = Duration.ofMinutes(5);
  private static final int MAX_TRIES = 5;
  private static final String PLACE = "mfa_challenges.login";

  public static final SealedColumn SEALED =
      new SealedColumn(
          "auth.mfa_challenges", "digest", SealedColumn.IdType.BYTES, "login_ct", _ -> PLACE);

  private final Database database;
  private final Keys keys;
  private final InstantSource clock;

  public Challenges(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  /** Opens a challenge and returns its id. */
  public Mono<String> open(Challenge challenge) {
    var id = OpaqueCode.make();
    var insert =
        database
            .sql(
                """
                insert into auth.mfa_challenges
                  (digest, user_id, user_epoch, session_id, login_ct, expires_at)
                values (:digest, :user, :epoch, :session, :login, :expires)""")
            .bind("digest", OpaqueCode.digest(id))
            .bind("user", challenge.userId())
            .bind("epoch", challenge.epoch())
            .bind("login", keys.seal(bytes(challenge.carried()), PLACE))
            .bind("expires", clock.instant().plus(LIFE));
    var bound =
        challenge.session().isPresent()
            ? insert.bind("session", challenge.session().get())
            : insert.bindNull("session", UUID.class);
    return bound.then().thenReturn(id);
  }

  /** Takes one try, before anything is checked; empty when the challenge is used, old or tried. */
  public Mono<Challenge> tried(String id) {
    return usable(
            """
            update auth.mfa_challenges set tries = tries + 1
            where digest = :digest and used_at is null and expires_at > :now and tries < :max
            returning user_id, user_epoch, session_id, login_ct""",
            id)
        .bind("max", MAX_TRIES)
        .map(Row.as(this::challenge))
        .one();
  }

  /** Finds a challenge that may still be tried, without taking a try. */
  public Mono<Challenge> find(String id) {
    return usable(
            """
            select user_id, user_epoch, session_id, login_ct from auth.mfa_challenges
            where digest = :digest and used_at is null and expires_at > :now and tries < :max""",
            id)
        .bind("max", MAX_TRIES)
        .map(Row.as(this::challenge))
        .one();
  }

  /** Uses the challenge up in the caller's transaction; of two uses at once, one reports 0. */
  public Mono<Long> use(String id) {
    return usable(
            """
            update auth.mfa_challenges set used_at = :now
            where digest = :digest and used_at is null and expires_at > :now""",
            id)
        .fetch()
        .rowsUpdated();
  }

  /** Deletes what expired before then. */
  public static Mono<Long> purge(Database database, Instant before) {
    return database.run(
        database
            .sql("delete from auth.mfa_challenges where expires_at < :before")
            .bind("before", before)
            .fetch()
            .rowsUpdated());
  }

  private GenericExecuteSpec usable(String sql, String id) {
    return database.sql(sql).bind("digest", OpaqueCode.digest(id)).bind("now", clock.instant());
  }

  private Challenge challenge(Row row) {
    return new Challenge(
        row.id("user_id"),
        row.number("user_epoch"),
        row.optionalId("session_id"),
        new String(keys.open(row.bytes("login_ct"), PLACE), StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
