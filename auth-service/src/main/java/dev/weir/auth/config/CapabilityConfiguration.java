package dev.weir.auth.config;

import dev.weir.auth.account.AccountChanges;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.Invitations;
import dev.weir.auth.account.Notices;
import dev.weir.auth.account.OneTimeCodes;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.factor.Factors;
import dev.weir.auth.factor.PasskeyChallenges;
import dev.weir.auth.idempotency.IdempotencyStore;
import dev.weir.auth.key.Keys;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.OutboxWorker;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.HashCost;
import dev.weir.auth.password.HashMemory;
import dev.weir.auth.password.LeakedPasswords;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.password.PasswordRanges;
import dev.weir.auth.password.PasswordRules;
import dev.weir.auth.recovery.RecoveryDelivery;
import dev.weir.auth.redis.RedisLink;
import dev.weir.auth.session.CsrfGuard;
import dev.weir.auth.session.Devices;
import dev.weir.auth.session.KnownClients;
import dev.weir.auth.session.RevocationFeed;
import dev.weir.auth.session.SessionServices;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.session.TokenAnswer;
import dev.weir.auth.throttle.Throttle;
import dev.weir.auth.token.AccessTokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Wires what the flows are made of: accounts, passwords, sessions and tokens. */
@Configuration(proxyBeanMethods = false)
class CapabilityConfiguration {
  private static final Duration LEAK_PATIENCE = Duration.ofSeconds(1);

  @Bean
  ClientAddresses clientAddresses(Settings settings) {
    return new ClientAddresses(settings.trustedProxies());
  }

  @Bean
  Accounts accounts(Database database, Keys keys, InstantSource clock) {
    return new Accounts(database, keys, clock);
  }

  @Bean
  AccountChanges accountChanges(Database database, Keys keys, InstantSource clock) {
    return new AccountChanges(database, keys, clock);
  }

  @Bean
  OneTimeCodes oneTimeCodes(Database database, Keys keys, InstantSource clock) {
    return new OneTimeCodes(database, keys, clock);
  }

  @Bean
  Notices notices(Accounts accounts, Outbox outbox) {
    return new Notices(accounts, outbox);
  }

  @Bean
  Invitations invitations(OneTimeCodes codes, Notices notices, Throttle throttle) {
    return new Invitations(codes, notices, throttle);
  }

  @Bean
  RecoveryDelivery recoveryDelivery(
      Database database, Accounts accounts, Invitations invitations, AuditLog audit) {
    return new RecoveryDelivery(database, accounts, invitations, audit);
  }

  @Bean
  Factors factors(Database database, Keys keys, InstantSource clock) {
    return new Factors(database, keys, clock);
  }

  @Bean
  Challenges challenges(Database database, Keys keys, InstantSource clock) {
    return new Challenges(database, keys, clock);
  }

  @Bean
  KnownClients knownClients(Database database, InstantSource clock) {
    return new KnownClients(database, clock);
  }

  @Bean
  PasskeyChallenges passkeyChallenges(Database database, Keys keys, InstantSource clock) {
    return new PasskeyChallenges(database, keys, clock);
  }

  @Bean
  Purge purge(Databases databases, InstantSource clock) {
    return new Purge(
        databases.as(DatabaseRole.PURGING),
        List.of(
            Outbox::purge,
            OneTimeCodes::purge,
            Challenges::purge,
            PasskeyChallenges::purge,
            IdempotencyStore::purge),
        clock);
  }

  @Bean
  Credentials credentials(Database database, InstantSource clock) {
    return new Credentials(database, clock);
  }

  @Bean
  PasswordHasher passwordHasher(Keys keys, AuthMetrics metrics, HashCost cost) {
    var machine = Runtime.getRuntime();
    return new PasswordHasher(
        keys, metrics, machine.availableProcessors(), cost, HashMemory.of(machine.maxMemory()));
  }

  @Bean
  LeakedPasswords leakedPasswords(Settings settings, AuthMetrics metrics) {
    return settings
        .passwords()
        .ranges()
        .<LeakedPasswords>map(
            base -> new PasswordRanges(base, LEAK_PATIENCE, System::nanoTime, metrics))
        .orElse(LeakedPasswords.UNKNOWN);
  }

  @Bean
  PasswordRules passwordRules(Settings settings, LeakedPasswords leaked) {
    return new PasswordRules(settings.passwords().contextWords(), leaked);
  }

  @Bean
  IdempotencyStore idempotencyStore(Database database, Keys keys, InstantSource clock) {
    return new IdempotencyStore(database, keys, clock);
  }

  @Bean
  SessionServices sessionServices(
      Database database,
      Keys keys,
      Accounts accounts,
      AuditLog audit,
      Outbox outbox,
      Notices notices,
      OutboxWorker worker,
      RevocationFeed feed,
      AuthMetrics metrics,
      InstantSource clock) {
    return new SessionServices(
        database, keys, accounts, audit, outbox, notices, worker, feed, metrics, clock);
  }

  @Bean
  Sessions sessions(SessionServices services) {
    return new Sessions(services);
  }

  /** Connects to Redis beside the start, not before it: the service serves without. */
  @Bean
  ApplicationRunner openRedis(RedisLink link, Sessions sessions) {
    return _ -> link.open(Mono.defer(() -> sessions.ending().republish()));
  }

  @Bean
  Devices devices(Keys keys) {
    return new Devices(keys);
  }

  @Bean
  CsrfGuard csrfGuard(Keys keys, Settings settings) {
    return new CsrfGuard(keys, settings.allowedOrigins());
  }

  @Bean
  TokenAnswer tokenAnswer(Keys keys, CsrfGuard csrf, Settings settings, InstantSource clock) {
    return new TokenAnswer(new AccessTokens(keys, settings.issuer(), clock), csrf, clock);
  }
}
