package dev.weir.auth.mfa;

import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.factor.Ceremony;
import dev.weir.auth.factor.Descriptor;
import dev.weir.auth.factor.PasskeyChecks.Outcome;
import dev.weir.auth.factor.PasskeyChecks.Presented;
import dev.weir.auth.factor.StoredPasskey;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Asks for a passkey of the person whom a challenge is about, and judges the answer. What the
 * authenticator signs is bound to that one challenge, so neither an answer for another challenge
 * nor one for a login by passkey alone fits here, and the other way round. It is not kept that it
 * was answered: whoever meets the challenge uses that up, and with it every answer to it.
 */
final class PasskeyQuestion {
  private final MfaServices services;
  private final Ceremony ceremony;

  PasskeyQuestion(MfaServices services) {
    this.services = services;
    this.ceremony = new Ceremony(services.checks().relyingParty());
  }

  Map<String, Object> options(String challengeId, List<Descriptor> held) {
    return ceremony.request(services.passkeyChallenges().make(purpose(challengeId)), held);
  }

  /** Returns what holds; empty for whatever else was sent. */
  Mono<Proof> proof(Owed owed, String credential) {
    return Mono.fromCallable(() -> services.checks().read(credential))
        .subscribeOn(Schedulers.parallel())
        .flatMap(Mono::justOrEmpty)
        .filter(presented -> isAbout(presented, owed))
        .zipWhen(presented -> found(presented, owed.challenge().userId()))
        .flatMap(both -> checked(both.getT1(), both.getT2(), owed));
  }

  private boolean isAbout(Presented presented, Owed owed) {
    return services.passkeyChallenges().isOurs(presented.challenge(), purpose(owed.challengeId()));
  }

  /**
   * The person is known before the passkey is; where the authenticator names one too, as it need
   * not, it has to be the same (Level 3 §7.2 step 6).
   */
  private Mono<StoredPasskey> found(Presented presented, UUID userId) {
    var handle = presented.userHandle();
    if (handle.length > 0 && !MessageDigest.isEqual(handle, Ceremony.handle(userId))) {
      return Mono.empty();
    }
    return services
        .database()
        .run(services.passkeys().find(presented.credentialId()))
        .filter(stored -> stored.userId().equals(userId));
  }

  private Mono<Proof> checked(Presented presented, StoredPasskey stored, Owed owed) {
    return Mono.fromCallable(() -> services.checks().check(presented, stored))
        .subscribeOn(Schedulers.parallel())
        .flatMap(
            outcome ->
                switch (outcome) {
                  case Outcome.Held held -> Mono.just(new Proof(stored, held));
                  case Outcome.Copied() -> copied(stored, owed);
                  case Outcome.Wrong() -> Mono.empty();
                });
  }

  private Mono<Proof> copied(StoredPasskey stored, Owed owed) {
    var event = owed.origin().event(AuditAction.PASSKEY_COPIED, stored.userId());
    return services.database().run(services.audit().append(event)).then(Mono.empty());
  }

  private static String purpose(String challengeId) {
    return "mfa:" + challengeId;
  }

  /** A passkey that held, and what its authenticator said of itself. */
  record Proof(StoredPasskey stored, Outcome.Held held) {}
}
