package dev.weir.auth.mfa;

import dev.weir.auth.account.Notice;
import dev.weir.auth.factor.Challenge;
import dev.weir.auth.mfa.Verification.Verified;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.PendingLogin;
import dev.weir.auth.throttle.CodeAttempt;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * Takes a try before an answer is looked at. Codes of six digits can be guessed, so a person has so
 * many tries; but who knows the password and uses them up must keep the owner out by nothing. So
 * what has met a second factor before has tries of its own, and what cannot be guessed, a passkey
 * or a recovery code, is counted like a login, by its address.
 */
final class Guesses {
  private static final Logger LOG = LoggerFactory.getLogger(Guesses.class);

  private final MfaServices services;

  Guesses(MfaServices services) {
    this.services = services;
  }

  /** Meets the challenge behind the count. */
  Mono<Verified> counted(ServerRequest request, Answer answer, Mono<Verified> met) {
    if (!answer.isGuessable()) {
      return services.throttle().unguessable(request, services.addresses().of(request)).then(met);
    }
    return services
        .database()
        .run(services.challenges().find(answer.challengeId()).zipWhen(this::known))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.CHALLENGE_EXPIRED)))
        .flatMap(both -> taken(both.getT1().userId(), both.getT2()))
        .flatMap(
            attempt -> met.delayUntil(_ -> services.throttle().met(attempt).onErrorComplete()));
  }

  private Mono<CodeAttempt> taken(UUID userId, Optional<String> known) {
    return services
        .throttle()
        .code(userId, known)
        .onErrorResume(
            Refused.class,
            refused ->
                (known.isPresent() ? Mono.<Void>empty() : warned(userId))
                    .then(Mono.<CodeAttempt>error(refused)));
  }

  /** Nobody gets this far without the password, so its owner has to hear of it (ASVS 6.3.5). */
  private Mono<Void> warned(UUID userId) {
    return services
        .throttle()
        .mayWarn(userId)
        .filter(may -> may)
        .flatMap(_ -> told(userId))
        .onErrorComplete();
  }

  /** A warning that was not written costs no day: the next try of a stranger's brings it. */
  private Mono<Void> told(UUID userId) {
    return services
        .database()
        .inTransaction(services.notices().tell(userId, Notice.CODES_GUESSED))
        .onErrorResume(failure -> untold(userId, failure));
  }

  private Mono<Void> untold(UUID userId, Throwable failure) {
    LOG.atWarn().addKeyValue("cause", failure.toString()).log("warning of guessed codes put off");
    return services.throttle().notWarned(userId);
  }

  private Mono<Optional<String>> known(Challenge challenge) {
    var client = PendingLogin.unpack(challenge.carried()).client();
    return services.known().find(challenge.userId(), client, challenge.session());
  }
}
