package dev.weir.auth.account;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.OpaqueCode;
import dev.weir.auth.key.SealedColumn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import reactor.core.publisher.Mono;

/**
 * Codes of 256 bits that prove who reads an address; only their digest is stored, and the first use
 * is the last.
 */
public final class OneTimeCodes {
  private static final String USABLE =
      "where digest = :digest and purpose = :purpose and used_at is null and expires_at > :now";
  private static final String PLACE = "one_time_tokens.payload";

  public static final SealedColumn SEALED =
      new SealedColumn(
          "auth.one_time_tokens", "digest", SealedColumn.IdType.BYTES, "payload_ct", _ -> PLACE);

  private final Database database;
  private final Keys keys;
  private final InstantSource clock;

  public OneTimeCodes(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.keys = keys;
    this.clock = clock;
  }

  /** Issues a code in the caller's transaction; earlier ones stay good until they expire. */
  public Mono<String> issue(UUID userId, CodePurpose purpose) {
    return issue(userId, purpose, "");
  }

  /** Issues a code that carries something which its use will give back. */
  public Mono<String> issue(UUID userId, CodePurpose purpose, String payload) {
    var code = OpaqueCode.make();
    return bound(
            """
            insert into auth.one_time_tokens (digest, purpose, user_id, expires_at, payload_ct)
            values (:digest, :purpose, :user, :expires, :payload)""",
            code,
            purpose)
        .bind("user", userId)
        .bind("expires", clock.instant().plus(purpose.life()))
        .bind("payload", keys.seal(payload.getBytes(StandardCharsets.UTF_8), PLACE))
        .then()
        .thenReturn(code);
  }

  /** Says whose code this is, if it is still good; it stays so until {@link #use}. */
  public Mono<UUID> owner(String code, CodePurpose purpose) {
    return bound("select user_id from auth.one_time_tokens " + USABLE, code, purpose)
        .bind("now", clock.instant())
        .map(Row.as(row -> row.id("user_id")))
        .one();
  }

  /** Uses the code up in the caller's transaction; of two uses at once, one gets nothing. */
  public Mono<Used> use(String code, CodePurpose purpose) {
    return bound(
            "update auth.one_time_tokens set used_at = :now "
                + USABLE
                + " returning user_id, payload_ct",
            code,
            purpose)
        .bind("now", clock.instant())
        .map(Row.as(this::used))
        .one();
  }

  /** Uses up a code of this person; anybody else's stays as it is. */
  public Mono<Used> use(String code, CodePurpose purpose, UUID userId) {
    return owner(code, purpose).filter(userId::equals).flatMap(_ -> use(code, purpose));
  }

  /** Takes back every code of a person, in the caller's transaction. */
  public Mono<Void> forget(UUID userId) {
    return database
        .sql("delete from auth.one_time_tokens where user_id = :user")
        .bind("user", userId)
        .then();
  }

  /** Deletes what expired before then. */
  public static Mono<Long> purge(Database database, Instant before) {
    return database.run(
        database
            .sql("delete from auth.one_time_tokens where expires_at < :before")
            .bind("before", before)
            .fetch()
            .rowsUpdated());
  }

  private GenericExecuteSpec bound(String sql, String code, CodePurpose purpose) {
    return database
        .sql(sql)
        .bind("digest", OpaqueCode.digest(code))
        .bind("purpose", purpose.column());
  }

  private Used used(Row row) {
    var payload = row.optionalBytes("payload_ct").map(ct -> keys.open(ct, PLACE));
    return new Used(
        row.id("user_id"),
        payload.map(bytes -> new String(bytes, StandardCharsets.UTF_8)).orElse(""));
  }

  /** Whose code was used, and what it carried. */
  public record Used(UUID userId, String payload) {
    @Override
    public String toString() {
      return "Used[" + userId + "]";
    }
  }
}
