package dev.weir.auth.mfa;

import dev.weir.auth.factor.Challenge;
import dev.weir.auth.mfa.Verification.Verified;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.PendingLogin;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * Takes a try before an answer is looked at. Codes of six digits can be guessed, so a person has so
 * many tries; but who knows the password and uses them up must keep the owner out by nothing. So
 * what has met a second factor before has tries of its own, and what cannot be guessed, a passkey
 * or a recovery code, is counted like a login, by its address.
 */
final class Guesses {
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
        .flatMap(both -> services.throttle().code(both.getT1().userId(), both.getT2()))
        .flatMap(
            attempt -> met.delayUntil(_ -> services.throttle().met(attempt).onErrorComplete()));
  }

  private Mono<Optional<String>> known(Challenge challenge) {
    var client = PendingLogin.unpack(challenge.carried()).client();
    return services.known().find(challenge.userId(), client, challenge.session());
  }
}
