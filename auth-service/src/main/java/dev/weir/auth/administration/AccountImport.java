package dev.weir.auth.administration;

import dev.weir.auth.account.AccountChanges;
import dev.weir.auth.account.AccountStatus;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.StoredHash;
import dev.weir.auth.session.Origin;
import org.springframework.dao.DuplicateKeyException;
import reactor.core.publisher.Mono;

/**
 * Takes over accounts with the hashes that another system made. Nobody is mailed, and whoever is
 * there already stays as they are, so that an import may be repeated.
 */
public final class AccountImport {
  private final Database database;
  private final Accounts accounts;
  private final AccountChanges changes;
  private final Credentials credentials;
  private final AuditLog audit;

  public AccountImport(
      Database database,
      Accounts accounts,
      AccountChanges changes,
      Credentials credentials,
      AuditLog audit) {
    this.database = database;
    this.accounts = accounts;
    this.changes = changes;
    this.credentials = credentials;
    this.audit = audit;
  }

  /** Returns whether there is a new account now. */
  public Mono<Boolean> add(EmailAddress email, StoredHash hash, Proof proof, Origin origin) {
    var creation =
        accounts
            .create(email, AccountStatus.ACTIVE)
            .delayUntil(account -> credentials.create(account.id(), hash))
            .delayUntil(
                account -> proof == Proof.PROVEN ? changes.verify(account.id()) : Mono.empty())
            .delayUntil(
                account -> audit.append(origin.event(AuditAction.ACCOUNT_IMPORTED, account.id())));
    return database
        .inTransaction(creation)
        .map(_ -> true)
        .onErrorResume(DuplicateKeyException.class, _ -> Mono.just(false));
  }

  /** Whether the other system has seen that its holder reads an address. */
  public enum Proof {
    PROVEN,
    UNPROVEN
  }
}
