package dev.weir.auth.mfa;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.Notice;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.factor.Challenge;
import dev.weir.auth.factor.Factors.Method;
import dev.weir.auth.outbox.Message;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.EndReason;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.PendingLogin;
import dev.weir.auth.session.Session;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Meets a challenge, in one transaction: the code is taken, the challenge used up, the account held
 * under the epoch that the challenge was made for, the old session ended and the new one opened. Of
 * two tries with one code, or of a try and a password change, one finds the row already moved.
 */
final class Verification {
  private final MfaServices services;

  Verification(MfaServices services) {
    this.services = services;
  }

  Mono<Verified> of(String challengeId, Challenge challenge, String code, Origin origin) {
    var work =
        services
            .factors()
            .check(challenge.userId(), code)
            .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.MFA_INVALID)))
            .delayUntil(_ -> use(challengeId))
            .delayUntil(method -> tell(challenge, method, origin))
            .flatMap(_ -> held(challenge))
            .flatMap(account -> reopened(account, challenge, origin));
    return services
        .database()
        .inTransaction(work)
        .onErrorResume(Refused.class, refused -> failed(challenge, refused, origin));
  }

  private Mono<Long> use(String challengeId) {
    return services.challenges().use(challengeId).filter(rows -> rows > 0).switchIfEmpty(expired());
  }

  private Mono<Void> tell(Challenge challenge, Method method, Origin origin) {
    return switch (method) {
      case AUTHENTICATOR -> Mono.empty();
      case RECOVERY_CODE ->
          services
              .audit()
              .append(origin.event(AuditAction.RECOVERY_CODE_USED, challenge.userId()))
              .then(services.notices().tell(challenge.userId(), Notice.RECOVERY_CODE_USED));
    };
  }

  private Mono<Account> held(Challenge challenge) {
    return services
        .accounts()
        .find(challenge.userId())
        .filter(account -> account.epoch() == challenge.epoch())
        .filterWhen(account -> services.accounts().hold(account).hasElement())
        .switchIfEmpty(expired());
  }

  private Mono<Verified> reopened(Account account, Challenge challenge, Origin origin) {
    var pending = PendingLogin.unpack(challenge.carried());
    var action =
        challenge.session().isPresent() ? AuditAction.STEPPED_UP : AuditAction.LOGIN_SUCCEEDED;
    return ended(challenge, origin)
        .flatMap(
            ended ->
                services
                    .sessions()
                    .open(account.id(), pending.client(), services.sessions().secondFactor("otp"))
                    .delayUntil(
                        session ->
                            services
                                .audit()
                                .append(
                                    origin.event(
                                        action,
                                        Optional.of(account.id()),
                                        Optional.of(session.id()))))
                    .map(session -> new Verified(account, session, ended, pending.device())));
  }

  /** The session to be raised must still be there; a login has none. */
  private Mono<Optional<Message>> ended(Challenge challenge, Origin origin) {
    if (challenge.session().isEmpty()) {
      return Mono.just(Optional.empty());
    }
    return services
        .sessions()
        .ending()
        .endWithin(challenge.session().get(), EndReason.REAUTHENTICATED, origin)
        .map(Optional::of)
        .switchIfEmpty(expired());
  }

  private Mono<Verified> failed(Challenge challenge, Refused refused, Origin origin) {
    if (refused.problem().error() != AuthError.MFA_INVALID) {
      return Mono.error(refused);
    }
    services.metrics().factor("failed");
    return services
        .database()
        .run(services.audit().append(origin.event(AuditAction.FACTOR_FAILED, challenge.userId())))
        .then(Mono.error(refused));
  }

  private static <T> Mono<T> expired() {
    return Mono.error(() -> Refused.of(AuthError.CHALLENGE_EXPIRED));
  }

  /** A session of more weight, the end of the one that it replaces, and the browser's device. */
  record Verified(Account account, Session session, Optional<Message> ended, String device) {}
}
