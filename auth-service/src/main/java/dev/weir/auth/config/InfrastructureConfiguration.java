package dev.weir.auth.config;

import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.key.KeyStore;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.RotationJob;
import dev.weir.auth.key.UnreadableKey;
import dev.weir.auth.mail.FolderMailer;
import dev.weir.auth.mail.MailDelivery;
import dev.weir.auth.mail.Mailer;
import dev.weir.auth.mail.SmtpMailer;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.OutboxWorker;
import dev.weir.auth.problem.Refused;
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
import io.r2dbc.pool.ConnectionPool;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.util.retry.Retry;

/** Wires what the service stands on: Postgres, Redis, keys, outbox and meters. */
@Configuration(proxyBeanMethods = false)
class InfrastructureConfiguration {
  // On a busy machine the first connection of a cold process can miss the bounds that a warm one
  // keeps.
  private static final Retry COLD_START =
      Retry.fixedDelay(40, Duration.ofMillis(250)).filter(Refused.class::isInstance);

  @Bean
  AuthMetrics authMetrics(MeterRegistry registry) {
    return new AuthMetrics(registry);
  }

  @Bean(destroyMethod = "dispose")
  ConnectionPool connectionPool(Settings settings, AuthMetrics metrics) {
    var pool = PostgresPool.create(settings.database());
    pool.getMetrics().ifPresent(m -> metrics.databasePool(m::acquiredSize, m::pendingAcquireSize));
    return pool;
  }

  @Bean
  Database database(ConnectionPool pool) {
    return new Database(pool);
  }

  @Bean
  KeyStore keyStore(Database database, Settings settings, InstantSource clock) {
    return new KeyStore(database, settings.keks(), clock);
  }

  /** Blocks, once, before anything is served: nothing works without keys. */
  @Bean
  Keys keys(KeyStore store) {
    try {
      var keys = store.rewrap().then(store.rotateWhenDue()).retryWhen(COLD_START);
      return new Keys(keys.blockOptional(Duration.ofSeconds(20)).orElseThrow());
    } catch (UnreadableKey e) {
      throw new StartRefused(
          "WEIR_AUTH_KEK_FILE does not open the keys in the database",
          "put the key-encryption key back that they were stored under, or name it in"
              + " WEIR_AUTH_KEK_OTHER_FILES");
    }
  }

  @Bean
  RotationJob rotationJob(KeyStore store, Keys keys) {
    return new RotationJob(store, keys);
  }

  @Bean
  AuditLog auditLog(Database database, InstantSource clock) {
    return new AuditLog(database, clock);
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
  Outbox outbox(Database database, Keys keys, InstantSource clock) {
    return new Outbox(database, keys, clock);
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
