package dev.weir.auth.config;

import dev.weir.auth.database.LaggingReads;
import dev.weir.auth.discovery.DiscoveryFlow;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.factor.PasskeyChallenges;
import dev.weir.auth.factor.PasskeyChecks;
import dev.weir.auth.factor.Passkeys;
import dev.weir.auth.inspection.InspectionFlow;
import dev.weir.auth.key.Keys;
import dev.weir.auth.login.LoginChecks;
import dev.weir.auth.login.LoginFlow;
import dev.weir.auth.logout.LogoutFlow;
import dev.weir.auth.mfa.ChallengeFlow;
import dev.weir.auth.mfa.FactorFlow;
import dev.weir.auth.mfa.MfaServices;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.refresh.RefreshFlow;
import dev.weir.auth.session.Callers;
import dev.weir.auth.session.CsrfGuard;
import dev.weir.auth.session.Devices;
import dev.weir.auth.session.KnownClients;
import dev.weir.auth.session.SenderProofs;
import dev.weir.auth.session.Session;
import dev.weir.auth.session.SessionServices;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.session.TokenAnswer;
import dev.weir.auth.settings.SettingsServices;
import dev.weir.auth.throttle.Puzzle;
import dev.weir.auth.throttle.Throttle;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the flows of sessions and second factors, each to its endpoints. */
@Configuration(proxyBeanMethods = false)
class FlowConfiguration {
  @Bean
  LoginChecks loginChecks(SettingsServices services, PasswordHasher hasher, Challenges challenges) {
    return new LoginChecks(
        new LoginChecks.Services(
            services.database(),
            services.accounts(),
            services.credentials(),
            hasher,
            services.sessions(),
            services.factors(),
            challenges,
            services.audit()));
  }

  @Bean
  MfaServices mfaServices(
      SettingsServices services,
      Passkeys passkeys,
      PasskeyChecks checks,
      PasskeyChallenges passkeyChallenges,
      Challenges challenges,
      KnownClients known,
      CsrfGuard csrf,
      TokenAnswer answer) {
    return new MfaServices(
        services.database(),
        services.accounts(),
        services.factors(),
        passkeys,
        checks,
        passkeyChallenges,
        challenges,
        services.notices(),
        services.audit(),
        services.sessions(),
        known,
        services.callers(),
        csrf,
        answer,
        services.throttle(),
        services.addresses(),
        services.metrics());
  }

  @Bean
  List<Endpoint> challengeEndpoints(MfaServices services) {
    return new ChallengeFlow(services).endpoints();
  }

  @Bean
  List<Endpoint> factorEndpoints(MfaServices services) {
    return new FactorFlow(services).endpoints();
  }

  @Bean
  List<Endpoint> loginEndpoints(
      LoginChecks checks,
      Throttle throttle,
      Devices devices,
      Puzzle puzzle,
      SenderProofs proofs,
      CsrfGuard csrf,
      TokenAnswer answer,
      ClientAddresses addresses,
      AuthMetrics metrics) {
    return new LoginFlow(
            new LoginFlow.Services(
                checks, throttle, devices, puzzle, proofs, csrf, answer, addresses, metrics))
        .endpoints();
  }

  @Bean
  List<Endpoint> refreshEndpoints(
      SessionServices services,
      Sessions sessions,
      Throttle throttle,
      SenderProofs proofs,
      CsrfGuard csrf,
      TokenAnswer answer,
      ClientAddresses addresses) {
    return new RefreshFlow(
            new RefreshFlow.Services(
                services.database(),
                sessions,
                services.accounts(),
                throttle,
                proofs,
                csrf,
                answer,
                addresses,
                services.metrics()))
        .endpoints();
  }

  @Bean
  List<Endpoint> logoutEndpoints(
      SessionServices services,
      Sessions sessions,
      Callers callers,
      CsrfGuard csrf,
      ClientAddresses addresses) {
    return new LogoutFlow(
            new LogoutFlow.Services(sessions, callers, csrf, addresses, services.metrics()))
        .endpoints();
  }

  @Bean
  List<Endpoint> inspectionEndpoints(
      Callers callers, Sessions sessions, LaggingReads reads, Keys keys, InstantSource clock) {
    var listing =
        reads.<UUID, List<Session>>of(database -> Sessions.listing(database, keys, clock));
    return new InspectionFlow(callers, sessions, listing).endpoints();
  }

  @Bean
  List<Endpoint> discoveryEndpoints(Keys keys, Settings settings) {
    return new DiscoveryFlow(keys, settings.keyPace(), settings.issuer()).endpoints();
  }
}
