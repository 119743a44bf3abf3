package dev.weir.auth.config;

import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.factor.PasskeyChallenges;
import dev.weir.auth.factor.PasskeyChecks;
import dev.weir.auth.factor.Passkeys;
import dev.weir.auth.mfa.MfaServices;
import dev.weir.auth.passkey.PasskeyFlow;
import dev.weir.auth.passkey.PasskeyLoginFlow;
import dev.weir.auth.passkey.PasskeyServices;
import dev.weir.auth.session.SenderProofs;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires passkeys. */
@Configuration(proxyBeanMethods = false)
class PasskeyConfiguration {
  @Bean
  PasskeyServices passkeyServices(
      MfaServices services,
      PasskeyChallenges challenges,
      SenderProofs proofs,
      Settings settings,
      InstantSource clock) {
    return new PasskeyServices(
        services.database(),
        services.accounts(),
        services.factors(),
        new Passkeys(services.database(), clock),
        new PasskeyChecks(settings.relyingParty()),
        challenges,
        services.notices(),
        services.audit(),
        services.sessions(),
        services.callers(),
        proofs,
        services.csrf(),
        services.answer(),
        services.throttle(),
        services.addresses(),
        services.metrics());
  }

  @Bean
  List<Endpoint> passkeyEndpoints(PasskeyServices services) {
    return new PasskeyFlow(services).endpoints();
  }

  @Bean
  List<Endpoint> passkeyLoginEndpoints(PasskeyServices services) {
    return new PasskeyLoginFlow(services).endpoints();
  }
}
