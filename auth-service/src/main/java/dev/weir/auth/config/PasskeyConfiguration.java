package dev.weir.auth.config;

import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.factor.PasskeyChecks;
import dev.weir.auth.factor.Passkeys;
import dev.weir.auth.mfa.MfaServices;
import dev.weir.auth.passkey.NewPasskeyFlow;
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
  Passkeys passkeys(Database database, InstantSource clock) {
    return new Passkeys(database, clock);
  }

  @Bean
  PasskeyChecks passkeyChecks(Settings settings) {
    return new PasskeyChecks(settings.relyingParty());
  }

  @Bean
  PasskeyServices passkeyServices(MfaServices services, SenderProofs proofs) {
    return new PasskeyServices(
        services.database(),
        services.accounts(),
        services.factors(),
        services.passkeys(),
        services.checks(),
        services.passkeyChallenges(),
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
  List<Endpoint> newPasskeyEndpoints(PasskeyServices services) {
    return new NewPasskeyFlow(services).endpoints();
  }

  @Bean
  List<Endpoint> passkeyLoginEndpoints(PasskeyServices services) {
    return new PasskeyLoginFlow(services).endpoints();
  }
}
