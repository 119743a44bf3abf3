package dev.weir.auth.factor;

import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.SealedColumn;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * What people have beside their passwords, and what they may do for want of it; every change is in
 * the caller's transaction.
 */
public final class Factors {
  public static final SealedColumn SEALED =
      SealedColumn.ofRow("auth.factors", "secret_ct", "factors.secret");

  private final Database database;
  private final Authenticators authenticators;
  private final RecoveryCodes recovery;
  private final Passkeys passkeys;

  public Factors(Database database, Keys keys, InstantSource clock) {
    this.database = database;
    this.authenticators = new Authenticators(database, keys, clock);
    this.recovery = new RecoveryCodes(database, keys, clock);
    this.passkeys = new Passkeys(database, clock);
  }

  /** Returns what somebody can prove beside a password; nothing where that is all they have. */
  public Mono<Set<FactorKind>> kinds(UUID userId) {
    return database
        .sql(
            """
            select exists (select 1 from auth.passkeys where user_id = :user) as passkey,
              exists (select 1 from auth.factors where user_id = :user and status = 'active') as totp,
              exists (select 1 from auth.recovery_codes where user_id = :user and used_at is null)
                as recovery""")
        .bind("user", userId)
        .map(Row.as(Factors::kinds))
        .one();
  }

  public Mono<Boolean> isHeld(UUID userId) {
    return kinds(userId).map(kinds -> !kinds.isEmpty());
  }

  /** Begins an enrolment; one that was begun before and never confirmed is forgotten. */
  public Mono<Enrolment> enrol(UUID userId) {
    return authenticators.enrol(userId);
  }

  /** Makes an enrolment a factor, by its first code; comes back with fresh recovery codes. */
  public Mono<List<String>> confirm(UUID userId, UUID id, String code) {
    return authenticators.confirm(userId, id, code).flatMap(_ -> recovery.renew(userId));
  }

  public Mono<List<Factor>> list(UUID userId) {
    return authenticators.list(userId);
  }

  /** Takes a code of an authenticator or a recovery code; empty if it is neither, or was used. */
  public Mono<Method> check(UUID userId, String code) {
    return authenticators
        .use(userId, code)
        .map(_ -> Method.AUTHENTICATOR)
        .switchIfEmpty(
            recovery.use(userId, code).filter(rows -> rows > 0).map(_ -> Method.RECOVERY_CODE));
  }

  public Mono<List<String>> renewRecoveryCodes(UUID userId) {
    return recovery.renew(userId);
  }

  /** Makes recovery codes for whoever has none left; empty where there are some. */
  public Mono<List<String>> recoveryCodesIfNone(UUID userId) {
    return kinds(userId)
        .filter(kinds -> !kinds.contains(FactorKind.RECOVERY))
        .flatMap(_ -> recovery.renew(userId));
  }

  /** Forgets the recovery codes of whoever has nothing left to recover. */
  public Mono<Void> forgetCodesOfNothing(UUID userId) {
    return kinds(userId).filter(Set::isEmpty).flatMap(_ -> recovery.forget(userId));
  }

  /** Removes one authenticator; without any factor, recovery codes are of no use either. */
  public Mono<Long> remove(UUID userId, UUID id) {
    return authenticators.remove(userId, id).delayUntil(_ -> forgetCodesOfNothing(userId));
  }

  /** Removes everything beside the password: authenticators, recovery codes, passkeys. */
  public Mono<Long> removeAll(UUID userId) {
    return authenticators
        .removeAll(userId)
        .delayUntil(_ -> recovery.forget(userId))
        .zipWith(passkeys.removeAll(userId), Long::sum);
  }

  /** A recovery code by itself recovers nothing. */
  private static Set<FactorKind> kinds(Row row) {
    var kinds = EnumSet.noneOf(FactorKind.class);
    if (row.flag("passkey")) {
      kinds.add(FactorKind.PASSKEY);
    }
    if (row.flag("totp")) {
      kinds.add(FactorKind.TOTP);
    }
    if (!kinds.isEmpty() && row.flag("recovery")) {
      kinds.add(FactorKind.RECOVERY);
    }
    return kinds;
  }

  /** How somebody met a challenge. */
  public enum Method {
    AUTHENTICATOR("otp"),
    RECOVERY_CODE("otp"),
    PASSKEY("pop");

    private final String amr;

    Method(String amr) {
      this.amr = amr;
    }

    /** Returns its name among the authentication method references (RFC 8176). */
    public String amr() {
      return amr;
    }
  }
}
