package dev.weir.auth.config;

import dev.weir.auth.account.AccountChanges;
import dev.weir.auth.account.AccountDetails;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.Invitations;
import dev.weir.auth.account.Notices;
import dev.weir.auth.account.OneTimeCodes;
import dev.weir.auth.administration.AccountImport;
import dev.weir.auth.administration.Administration;
import dev.weir.auth.administration.AdministrationFlow;
import dev.weir.auth.database.LaggingReads;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.factor.Factors;
import dev.weir.auth.key.Keys;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.password.PasswordRules;
import dev.weir.auth.recovery.RecoveryFlow;
import dev.weir.auth.session.Callers;
import dev.weir.auth.session.CsrfGuard;
import dev.weir.auth.session.SessionServices;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.session.TokenAnswer;
import dev.weir.auth.settings.AddressFlow;
import dev.weir.auth.settings.DataFlow;
import dev.weir.auth.settings.PasswordFlow;
import dev.weir.auth.settings.ProfileFlow;
import dev.weir.auth.settings.SettingsServices;
import dev.weir.auth.throttle.Throttle;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the flows by which accounts change: their holders' own, and their administrators'. */
@Configuration(proxyBeanMethods = false)
class AccountConfiguration {
  @Bean
  SettingsServices settingsServices(
      SessionServices services,
      AccountChanges changes,
      Credentials credentials,
      OneTimeCodes codes,
      Factors factors,
      Invitations invitations,
      Notices notices,
      Sessions sessions,
      Callers callers,
      Throttle throttle,
      ClientAddresses addresses) {
    return new SettingsServices(
        services.database(),
        services.accounts(),
        changes,
        credentials,
        codes,
        factors,
        invitations,
        notices,
        services.audit(),
        sessions,
        callers,
        throttle,
        addresses,
        services.metrics());
  }

  @Bean
  List<Endpoint> passwordEndpoints(
      SettingsServices services, PasswordHasher hasher, PasswordRules rules, TokenAnswer answer) {
    return new PasswordFlow(services, hasher, rules, answer).endpoints();
  }

  @Bean
  List<Endpoint> profileEndpoints(
      SettingsServices services, LaggingReads reads, Keys keys, InstantSource clock) {
    var shown =
        reads.<UUID, AccountDetails>of(
            database -> {
              var accounts = new Accounts(database, keys, clock);
              return id -> database.run(accounts.details(id));
            });
    return new ProfileFlow(services, shown).endpoints();
  }

  @Bean
  List<Endpoint> addressEndpoints(SettingsServices services) {
    return new AddressFlow(services).endpoints();
  }

  @Bean
  List<Endpoint> dataEndpoints(SettingsServices services) {
    return new DataFlow(services).endpoints();
  }

  @Bean
  List<Endpoint> recoveryEndpoints(
      SettingsServices services,
      SessionServices more,
      PasswordHasher hasher,
      PasswordRules rules,
      CsrfGuard csrf) {
    return new RecoveryFlow(
            new RecoveryFlow.Services(
                services.database(),
                services.accounts(),
                services.changes(),
                services.credentials(),
                services.factors(),
                services.codes(),
                services.notices(),
                services.audit(),
                more.outbox(),
                services.sessions(),
                hasher,
                rules,
                csrf,
                services.throttle(),
                services.addresses(),
                services.metrics()))
        .endpoints();
  }

  @Bean
  Administration administration(SettingsServices services, PasswordHasher hasher) {
    return new Administration(
        new Administration.Services(
            services.database(),
            services.accounts(),
            services.changes(),
            services.credentials(),
            hasher,
            services.factors(),
            services.notices(),
            services.invitations(),
            services.audit(),
            services.sessions(),
            services.metrics()));
  }

  @Bean
  AccountImport accountImport(SettingsServices services) {
    return new AccountImport(
        services.database(),
        services.accounts(),
        services.changes(),
        services.credentials(),
        services.audit());
  }

  @Bean
  List<Endpoint> administrationEndpoints(
      Administration administration, Callers callers, ClientAddresses addresses) {
    return new AdministrationFlow(administration, callers, addresses).endpoints();
  }
}
