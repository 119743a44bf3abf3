package dev.weir.auth.login;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditEvent;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.factor.Challenge;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.factor.FactorKind;
import dev.weir.auth.factor.Factors;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.password.StoredHash;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.PendingLogin;
import dev.weir.auth.session.Session;
import dev.weir.auth.session.Sessions;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Checks a password and opens a session, with the audit event of either outcome. */
public final class LoginChecks {
  private static final Logger LOG = LoggerFactory.getLogger(LoginChecks.class);

  private final Database database;
  private final Accounts accounts;
  private final Credentials credentials;
  private final PasswordHasher hasher;
  private final Sessions sessions;
  private final Factors factors;
  private final Challenges challenges;
  private final AuditLog audit;

  public LoginChecks(Services services) {
    this.database = services.database();
    this.accounts = services.accounts();
    this.credentials = services.credentials();
    this.hasher = services.hasher();
    this.sessions = services.sessions();
    this.factors = services.factors();
    this.challenges = services.challenges();
    this.audit = services.audit();
  }

  /**
   * Returns the account if the password is right and it may log in; else the one refusal, after the
   * same work.
   */
  Mono<Account> check(LoginRequest request, Origin origin) {
    return candidate(request).flatMap(candidate -> verify(request, candidate, origin));
  }

  /**
   * Opens the session of a checked login, with its audit event, or asks for a second factor where
   * the account has any: a passkey is one, so that a stolen password goes no further than
   * elsewhere. Whatever has ended the account's sessions since the check was made, such as another
   * password, also refuses this one.
   */
  Mono<Opening> open(Account account, PendingLogin pending, Origin origin) {
    var opening =
        accounts
            .hold(account)
            .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.INVALID_CREDENTIALS)))
            .flatMap(factors::kinds)
            .flatMap(
                kinds ->
                    kinds.isEmpty()
                        ? opened(account, pending, origin)
                        : owed(account, pending, kinds));
    return database.inTransaction(opening);
  }

  private Mono<Opening> owed(Account account, PendingLogin pending, Set<FactorKind> kinds) {
    var challenge = new Challenge(account.id(), account.epoch(), Optional.empty(), pending.pack());
    return challenges.open(challenge).map(id -> new Opening.Owed(id, kinds));
  }

  private Mono<Opening> opened(Account account, PendingLogin pending, Origin origin) {
    return sessions
        .open(account.id(), pending.client(), sessions.password())
        .delayUntil(session -> audit.append(succeeded(session, origin)))
        .map(Opening.Opened::new);
  }

  private static AuditEvent succeeded(Session session, Origin origin) {
    return origin.event(
        AuditAction.LOGIN_SUCCEEDED, Optional.of(session.userId()), Optional.of(session.id()));
  }

  /** Account and hash are one look-up, so that of a stranger no less is asked. */
  private Mono<Candidate> candidate(LoginRequest request) {
    return Mono.justOrEmpty(request.email())
        .flatMap(email -> database.run(accounts.findWithHash(email)))
        .map(known -> new Candidate(Optional.of(known.account()), known.hash()))
        .defaultIfEmpty(new Candidate(Optional.empty(), Optional.empty()));
  }

  private Mono<Account> verify(LoginRequest request, Candidate candidate, Origin origin) {
    return hasher
        .matches(request.password(), candidate.hash())
        .map(matches -> candidate.account().filter(account -> matches && account.isActive()))
        .flatMap(
            account ->
                account.isPresent()
                    ? Mono.just(account.get()).doOnNext(a -> rehash(request, candidate, a))
                    : refuse(candidate, origin));
  }

  private Mono<Account> refuse(Candidate candidate, Origin origin) {
    var subject = candidate.account().map(Account::id);
    return database
        .run(audit.append(origin.event(AuditAction.LOGIN_FAILED, subject, Optional.empty())))
        .then(Mono.error(() -> Refused.of(AuthError.INVALID_CREDENTIALS)));
  }

  /**
   * Renews an outdated hash beside the answer: the person need not wait, and a failure is no harm.
   */
  private void rehash(LoginRequest request, Candidate candidate, Account account) {
    candidate
        .hash()
        .filter(hasher::isOutdated)
        .ifPresent(
            old ->
                hasher
                    .hash(request.password())
                    .flatMap(fresh -> database.run(credentials.replace(account.id(), old, fresh)))
                    .doOnError(error -> LOG.debug("rehash put off"))
                    .onErrorComplete()
                    .subscribe());
  }

  private record Candidate(Optional<Account> account, Optional<StoredHash> hash) {}

  /** What the checks stand on. */
  public record Services(
      Database database,
      Accounts accounts,
      Credentials credentials,
      PasswordHasher hasher,
      Sessions sessions,
      Factors factors,
      Challenges challenges,
      AuditLog audit) {}
}
