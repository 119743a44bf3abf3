package dev.weir.auth.config;

import dev.weir.auth.audit.AuditChain;
import dev.weir.auth.audit.AuditChainJob;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.audit.AuditRetention;
import dev.weir.auth.audit.AuditRetentionJob;
import dev.weir.auth.database.Database;
import dev.weir.auth.database.LaggingReads;
import dev.weir.auth.key.Keys;
import dev.weir.auth.mail.FolderMailer;
import dev.weir.auth.mail.MailDelivery;
import dev.weir.auth.mail.Mailer;
import dev.weir.auth.mail.SmtpMailer;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.OutboxWorker;
import dev.weir.auth.recovery.RecoveryDelivery;
import dev.weir.auth.redis.RedisLedger;
import dev.weir.auth.redis.RedisLink;
import dev.weir.auth.redis.RedisRevocationFeed;
import dev.weir.auth.session.RevocationDelivery;
import dev.weir.auth.session.RevocationFeed;
import dev.weir.auth.throttle.FallbackLedger;
import dev.weir.auth.throttle.LocalLedger;
import dev.weir.auth.throttle.Throttle;
import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what the service stands on: Postgres, Redis, keys, outbox and meters. */
@Configuration(proxyBeanMethods = false)
class InfrastructureConfiguration {
  @Bean
  AuthMetrics authMetrics(MeterRegistry registry) {
    return new AuthMetrics(registry);
  }

  @Bean
  Databases databases(Settings settings, AuthMetrics metrics) {
    return new Databases(settings.database(), metrics);
  }

  @Bean
  Database database(Databases databases) {
    return databases.as(DatabaseRole.APPLICATION);
  }

  @Bean
  LaggingReads laggingReads(Databases databases, AuthMetrics metrics) {
    return new LaggingReads(
        databases.as(DatabaseRole.APPLICATION), databases.replica(), System::nanoTime, metrics);
  }

  @Bean
  AuditLog auditLog(Database database, Keys keys, InstantSource clock) {
    return new AuditLog(database, keys, clock);
  }

  @Bean
  AuditChain auditChain(Database database, Keys keys, AuthMetrics metrics) {
    return new AuditChain(database, keys, metrics);
  }

  @Bean
  AuditChainJob auditChainJob(AuditChain chain) {
    return new AuditChainJob(chain);
  }

  @Bean
  AuditRetention auditRetention(
      Databases databases, Keys keys, Settings settings, InstantSource clock) {
    return new AuditRetention(
        databases.as(DatabaseRole.APPLICATION),
        databases.as(DatabaseRole.PURGING),
        keys,
        settings.auditMonths(),
        clock);
  }

  @Bean
  AuditRetentionJob auditRetentionJob(AuditRetention retention, AuthMetrics metrics) {
    return new AuditRetentionJob(retention, metrics);
  }

  @Bean
  RedisLink redisLink(Settings settings, AuthMetrics metrics) {
    var uri = RedisURI.create(settings.redis());
    return new RedisLink(uri, System::nanoTime, metrics);
  }

  @Bean
  RevocationFeed revocationFeed(RedisLink link, Settings settings) {
    return new RedisRevocationFeed(link, settings.redisPrefix());
  }

  @Bean
  Outbox outbox(Databases databases, Keys keys, InstantSource clock) {
    return new Outbox(
        databases.as(DatabaseRole.APPLICATION), databases.as(DatabaseRole.OUTBOX), keys, clock);
  }

  @Bean
  OutboxWorker outboxWorker(
      Outbox outbox,
      RevocationFeed feed,
      RecoveryDelivery recovery,
      Settings settings,
      AuthMetrics metrics) {
    return new OutboxWorker(
        outbox,
        List.of(
            new MailDelivery(mailer(settings.mail())),
            recovery,
            new RevocationDelivery(feed, metrics)),
        metrics);
  }

  private static Mailer mailer(Settings.MailSettings mail) {
    return "file".equals(mail.server().getScheme())
        ? new FolderMailer(Path.of(mail.server()))
        : new SmtpMailer(mail.server(), mail.from(), mail.startTls());
  }

  @Bean
  Throttle throttle(RedisLink link, Keys keys, Settings settings, AuthMetrics metrics) {
    var ledger =
        new FallbackLedger(
            new RedisLedger(link, settings.redisPrefix()),
            new LocalLedger(System::nanoTime),
            metrics);
    return new Throttle(ledger, keys, settings.limits());
  }
}
