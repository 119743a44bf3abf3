package dev.weir.auth.registration;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.AccountStatus;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.account.Invitations;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.idempotency.IdempotencyStore;
import dev.weir.auth.idempotency.Remembered;
import dev.weir.auth.idempotency.Ticket;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.StoredHash;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Origin;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import reactor.core.publisher.Mono;

/**
 * Makes an account, or not, in one transaction with everything that follows from it. Nobody looks
 * before the insert: the unique index decides who was first, so a race of many has one winner.
 */
public final class Newcomers {
  private static final Remembered CONCEALED =
      new Remembered(
          202,
          Optional.empty(),
          Optional.empty(),
          "{\"message\":\"If the address can be registered, a mail is on its way to it.\"}");

  private final Services services;
  private final Disclosure disclosure;
  private final String publicPath;

  public Newcomers(Services services, Disclosure disclosure, String publicPath) {
    this.services = services;
    this.disclosure = disclosure;
    this.publicPath = publicPath;
  }

  Mono<Remembered> welcome(
      Registration registration, StoredHash hash, Ticket ticket, Origin origin) {
    var creation =
        services
            .accounts()
            .create(registration.email(), firstStatus())
            .delayUntil(account -> services.credentials().create(account.id(), hash))
            .delayUntil(
                account ->
                    services
                        .audit()
                        .append(origin.event(AuditAction.ACCOUNT_REGISTERED, account.id())))
            .delayUntil(account -> invite(account, registration.email()))
            .map(this::answer)
            .delayUntil(answer -> services.idempotency().complete(ticket, answer));
    return services
        .database()
        .inTransaction(creation)
        .onErrorResume(DuplicateKeyException.class, _ -> taken(registration.email(), ticket));
  }

  private AccountStatus firstStatus() {
    return switch (disclosure) {
      case REVEAL -> AccountStatus.ACTIVE;
      case CONCEAL -> AccountStatus.PENDING;
    };
  }

  private Remembered answer(Account account) {
    return switch (disclosure) {
      case REVEAL ->
          new Remembered(
              201,
              Optional.of(publicPath + "/users/me"),
              Optional.of(account.etag()),
              Json.STRICT.writeValueAsString(Map.of("id", account.id())));
      case CONCEAL -> CONCEALED;
    };
  }

  private Mono<Remembered> taken(EmailAddress email, Ticket ticket) {
    return switch (disclosure) {
      case REVEAL -> Mono.error(Refused.of(AuthError.EMAIL_TAKEN));
      case CONCEAL ->
          services
              .database()
              .inTransaction(
                  remind(email)
                      .then(services.idempotency().complete(ticket, CONCEALED))
                      .thenReturn(CONCEALED));
    };
  }

  /** Tells the holder, or sends a newcomer who never got to confirm a new code. */
  private Mono<Void> remind(EmailAddress email) {
    return services
        .accounts()
        .findByEmail(email)
        .flatMap(
            account ->
                account.status() == AccountStatus.PENDING
                    ? invite(account, email)
                    : services.invitations().alreadyRegistered(email.value()));
  }

  private Mono<Void> invite(Account account, EmailAddress email) {
    return services.invitations().confirm(account.id(), email.value());
  }

  /** What a registration writes to. */
  public record Services(
      Database database,
      Accounts accounts,
      Credentials credentials,
      Invitations invitations,
      AuditLog audit,
      IdempotencyStore idempotency) {}
}
