package dev.weir.auth.password;

import reactor.core.publisher.Mono;

/**
 * Knows passwords that came out somewhere. It only ever adds to what {@link PasswordRules} refuse
 * by themselves, so one that cannot tell says no: an outage elsewhere must not keep people from
 * changing a password.
 */
@FunctionalInterface
public interface LeakedPasswords {
  /** For a deployment that asks nobody. */
  LeakedPasswords UNKNOWN = _ -> Mono.just(false);

  Mono<Boolean> contains(String password);
}
