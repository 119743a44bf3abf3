package dev.weir.auth.account;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * One-time codes that prove an address; only their digest is stored, and the first use is the last.
 */
public final class VerificationCodes {
  private static final Duration LIFE = Duration.ofHours(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final InstantSource clock;

  public VerificationCodes(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Issues a code of 256 bits in the caller's transaction; codes issued before stay good until they
   * expire.
   */
  public Mono<String> issue(UUID userId) {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    var code = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    return database
        .sql(
            """
            insert into auth.one_time_tokens (digest, purpose, user_id, expires_at)
            values (:digest, 'verify_address', :user, :expires)""")
        .bind("digest", digest(code))
        .bind("user", userId)
        .bind("expires", clock.instant().plus(LIFE))
        .then()
        .thenReturn(code);
  }

  /** Says whose code this is, if it is still good; it stays so until {@link #use}. */
  public Mono<UUID> owner(String code) {
    return database
        .sql(
            """
            select user_id from auth.one_time_tokens
            where digest = :digest and purpose = 'verify_address' and used_at is null
              and expires_at > :now""")
        .bind("digest", digest(code))
        .bind("now", clock.instant())
        .map(Row.as(row -> row.id("user_id")))
        .one();
  }

  /** Uses the code up in the caller's transaction; of two uses at once, one gets nothing. */
  public Mono<UUID> use(String code) {
    return database
        .sql(
            """
            update auth.one_time_tokens set used_at = :now
            where digest = :digest and purpose = 'verify_address' and used_at is null
              and expires_at > :now
            returning user_id""")
        .bind("digest", digest(code))
        .bind("now", clock.instant())
        .map(Row.as(row -> row.id("user_id")))
        .one();
  }

  private static byte[] digest(String code) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(code.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-256 is part of every Java runtime", e);
    }
  }
}
