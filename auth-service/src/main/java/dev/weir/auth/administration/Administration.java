package dev.weir.auth.administration;

import dev.weir.auth.account.AccountChanges;
import dev.weir.auth.account.AccountDetails;
import dev.weir.auth.account.AccountStatus;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.account.Invitations;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.EndReason;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.Session;
import dev.weir.auth.session.Sessions;
import java.util.List;
import java.util.UUID;
import org.springframework.dao.DuplicateKeyException;
import reactor.core.publisher.Mono;

/**
 * What an administrator may do to an account, by HTTP or from the command line. Nobody here sees or
 * chooses a password: a new account gets a random one that nobody knows, and a mailed code to reset
 * it (ASVS 6.4.6).
 */
public final class Administration {
  private final Services services;

  public Administration(Services services) {
    this.services = services;
  }

  public Mono<AccountDetails> find(UUID id) {
    return services.database().run(services.accounts().details(id));
  }

  /** Finds by the one form of an address; there is no search, because addresses are sealed. */
  public Mono<AccountDetails> find(EmailAddress email) {
    return services
        .database()
        .run(
            services
                .accounts()
                .findByEmail(email)
                .flatMap(account -> services.accounts().details(account.id())));
  }

  public Mono<List<Session>> sessions(UUID id) {
    return services.sessions().listLive(id);
  }

  /** Creates an active account whose holder has to reset the password first. */
  public Mono<AccountDetails> create(EmailAddress email, Origin origin) {
    return services
        .hasher()
        .hash(UUID.randomUUID() + "-" + UUID.randomUUID())
        .flatMap(
            hash ->
                services
                    .database()
                    .inTransaction(
                        services
                            .accounts()
                            .create(email, AccountStatus.ACTIVE)
                            .delayUntil(a -> services.credentials().create(a.id(), hash))
                            .delayUntil(a -> audit(AuditAction.ACCOUNT_REGISTERED, a.id(), origin))
                            .delayUntil(a -> services.invitations().reset(a.id(), email.value()))
                            .flatMap(a -> services.accounts().details(a.id()))))
        .onErrorMap(DuplicateKeyException.class, _ -> Refused.of(AuthError.EMAIL_TAKEN))
        .doOnNext(_ -> services.metrics().administration("create"));
  }

  /** Disables an account and ends all it has open; one that is not active stays as it is. */
  public Mono<Void> disable(UUID id, Origin origin) {
    var ending = services.sessions().ending();
    var work =
        services
            .changes()
            .move(id, AccountStatus.ACTIVE, AccountStatus.DISABLED)
            .filter(rows -> rows > 0)
            .flatMap(_ -> ending.endAllWithin(id, EndReason.DISABLED, origin));
    return services
        .database()
        .inTransaction(work)
        .doOnNext(_ -> services.metrics().administration("disable"))
        .flatMap(ending::deliver);
  }

  public Mono<Void> enable(UUID id, Origin origin) {
    var work =
        services
            .changes()
            .move(id, AccountStatus.DISABLED, AccountStatus.ACTIVE)
            .filter(rows -> rows > 0)
            .delayUntil(_ -> audit(AuditAction.ACCOUNT_ENABLED, id, origin));
    return counted(work, "enable");
  }

  public Mono<Void> logout(UUID id, Origin origin) {
    return services
        .sessions()
        .ending()
        .endAll(id, EndReason.ADMINISTRATOR, origin)
        .doOnSuccess(_ -> services.metrics().administration("logout"));
  }

  /** Gives a role; it is in the next access token, five minutes from now at the latest. */
  public Mono<Void> grant(UUID id, String role, Origin origin) {
    var work =
        services
            .changes()
            .isRole(role)
            .doOnNext(Administration::requireKnown)
            .then(Mono.defer(() -> services.changes().grant(id, role)))
            .filter(rows -> rows > 0)
            .delayUntil(_ -> audit(AuditAction.ROLE_GRANTED, id, origin));
    return counted(work, "grant");
  }

  /** Takes a role, and with it every access token that still holds it; sessions go on. */
  public Mono<Void> take(UUID id, String role, Origin origin) {
    var ending = services.sessions().ending();
    var work =
        services
            .changes()
            .take(id, role)
            .filter(rows -> rows > 0)
            .delayUntil(_ -> audit(AuditAction.ROLE_TAKEN, id, origin))
            .flatMap(_ -> ending.endTokensWithin(id));
    return services
        .database()
        .inTransaction(work)
        .doOnNext(_ -> services.metrics().administration("take"))
        .flatMap(ending::deliver);
  }

  private Mono<Void> counted(Mono<Long> work, String action) {
    return services
        .database()
        .inTransaction(work)
        .doOnNext(_ -> services.metrics().administration(action))
        .then();
  }

  private Mono<Void> audit(AuditAction action, UUID id, Origin origin) {
    return services.audit().append(origin.event(action, id));
  }

  private static void requireKnown(boolean known) {
    if (!known) {
      throw Refused.of(AuthError.ROLE_UNKNOWN);
    }
  }

  /** What administration stands on. */
  public record Services(
      Database database,
      Accounts accounts,
      AccountChanges changes,
      Credentials credentials,
      PasswordHasher hasher,
      Invitations invitations,
      AuditLog audit,
      Sessions sessions,
      AuthMetrics metrics) {}
}
