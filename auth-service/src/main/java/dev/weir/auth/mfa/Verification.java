package dev.weir.auth.mfa;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.Notice;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.factor.Challenge;
import dev.weir.auth.factor.Factors.Method;
import dev.weir.auth.mfa.PasskeyQuestion.Proof;
import dev.weir.auth.outbox.Message;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.EndReason;
import dev.weir.auth.session.PendingLogin;
import dev.weir.auth.session.Session;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Meets a challenge, in one transaction: the account is held under the epoch that the challenge was
 * made for, the code taken or the passkey's use noted, the challenge used up, the old session ended
 * and the new one opened. Of two tries with one code, or of a try and a password change, one finds
 * the row already moved. The account comes first, as where a factor is taken away: the other way
 * round, the two would wait for each other.
 */
final class Verification {
  private final MfaServices services;

  Verification(MfaServices services) {
    this.services = services;
  }

  Mono<Verified> byCode(Owed owed, String code) {
    return met(owed, services.factors().check(owed.challenge().userId(), code));
  }

  /** A passkey is judged before: checking a signature is nothing to hold a connection for. */
  Mono<Verified> byPasskey(Owed owed, Optional<Proof> proof) {
    return met(owed, Mono.justOrEmpty(proof).flatMap(this::noted));
  }

  private Mono<Method> noted(Proof proof) {
    return services
        .passkeys()
        .used(proof.stored(), proof.held().signCount(), proof.held().backedUp())
        .filter(rows -> rows > 0)
        .map(_ -> Method.PASSKEY);
  }

  private Mono<Verified> met(Owed owed, Mono<Method> taken) {
    var work =
        held(owed.challenge())
            .zipWhen(_ -> taken.switchIfEmpty(Mono.error(() -> Refused.of(AuthError.MFA_INVALID))))
            .delayUntil(_ -> use(owed.challengeId()))
            .delayUntil(both -> tell(owed, both.getT2()))
            .flatMap(both -> reopened(both.getT1(), both.getT2(), owed));
    return services
        .database()
        .inTransaction(work)
        .onErrorResume(Refused.class, refused -> failed(owed, refused));
  }

  private Mono<Long> use(String challengeId) {
    return services.challenges().use(challengeId).filter(rows -> rows > 0).switchIfEmpty(expired());
  }

  private Mono<Void> tell(Owed owed, Method method) {
    var userId = owed.challenge().userId();
    return switch (method) {
      case AUTHENTICATOR, PASSKEY -> Mono.empty();
      case RECOVERY_CODE ->
          services
              .audit()
              .append(owed.origin().event(AuditAction.RECOVERY_CODE_USED, userId))
              .then(services.notices().tell(userId, Notice.RECOVERY_CODE_USED));
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

  private Mono<Verified> reopened(Account account, Method method, Owed owed) {
    var pending = PendingLogin.unpack(owed.challenge().carried());
    var session = owed.challenge().session();
    return ended(owed)
        .zipWhen(_ -> services.sessions().secondFactor(session, method.amr()))
        .flatMap(
            both ->
                services
                    .sessions()
                    .open(account.id(), pending.client(), both.getT2())
                    .delayUntil(opened -> recorded(opened, owed))
                    .map(opened -> new Verified(account, opened, both.getT1(), pending.device())));
  }

  private Mono<Void> recorded(Session session, Owed owed) {
    var action =
        owed.challenge().session().isPresent()
            ? AuditAction.STEPPED_UP
            : AuditAction.LOGIN_SUCCEEDED;
    var event =
        owed.origin().event(action, Optional.of(session.userId()), Optional.of(session.id()));
    return services.audit().append(event);
  }

  /** The session to be raised must still be there; a login has none. */
  private Mono<Optional<Message>> ended(Owed owed) {
    if (owed.challenge().session().isEmpty()) {
      return Mono.just(Optional.empty());
    }
    return services
        .sessions()
        .ending()
        .endWithin(owed.challenge().session().get(), EndReason.REAUTHENTICATED, owed.origin())
        .map(Optional::of)
        .switchIfEmpty(expired());
  }

  private Mono<Verified> failed(Owed owed, Refused refused) {
    if (refused.problem().error() != AuthError.MFA_INVALID) {
      return Mono.error(refused);
    }
    services.metrics().factor("failed");
    var event = owed.origin().event(AuditAction.FACTOR_FAILED, owed.challenge().userId());
    return services.database().run(services.audit().append(event)).then(Mono.error(refused));
  }

  private static <T> Mono<T> expired() {
    return Mono.error(() -> Refused.of(AuthError.CHALLENGE_EXPIRED));
  }

  /** A session of more weight, the end of the one that it replaces, and the browser's device. */
  record Verified(Account account, Session session, Optional<Message> ended, String device) {}
}
