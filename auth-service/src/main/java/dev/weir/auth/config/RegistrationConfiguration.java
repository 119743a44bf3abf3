package dev.weir.auth.config;

import dev.weir.auth.account.Invitations;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.idempotency.IdempotencyStore;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.password.PasswordRules;
import dev.weir.auth.registration.Newcomers;
import dev.weir.auth.registration.RegistrationFlow;
import dev.weir.auth.session.SessionServices;
import dev.weir.auth.settings.SettingsServices;
import dev.weir.auth.throttle.Throttle;
import dev.weir.auth.verification.VerificationFlow;
import java.net.URI;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires how people come in: registration, and the proof that an address is theirs. */
@Configuration(proxyBeanMethods = false)
class RegistrationConfiguration {
  @Bean
  List<Endpoint> registrationEndpoints(
      Newcomers newcomers,
      IdempotencyStore idempotency,
      PasswordHasher hasher,
      RegistrationFlow.Entrance entrance) {
    return new RegistrationFlow(entrance, idempotency, hasher, newcomers).endpoints();
  }

  @Bean
  RegistrationFlow.Entrance entrance(
      ClientAddresses addresses, Throttle throttle, PasswordRules rules, AuthMetrics metrics) {
    return new RegistrationFlow.Entrance(addresses, throttle, rules, metrics);
  }

  @Bean
  Newcomers newcomers(
      SessionServices services,
      Credentials credentials,
      Invitations invitations,
      IdempotencyStore idempotency,
      Settings settings) {
    var path = URI.create(settings.issuer().url()).getPath();
    return new Newcomers(
        new Newcomers.Services(
            services.database(),
            services.accounts(),
            credentials,
            invitations,
            services.audit(),
            idempotency),
        settings.disclosure(),
        path);
  }

  @Bean
  List<Endpoint> verificationEndpoints(SettingsServices services, PasswordHasher hasher) {
    return new VerificationFlow(
            new VerificationFlow.Services(
                services.database(),
                services.accounts(),
                services.changes(),
                services.credentials(),
                services.codes(),
                services.invitations(),
                hasher,
                services.audit(),
                services.throttle(),
                services.callers(),
                services.addresses()))
        .endpoints();
  }
}
