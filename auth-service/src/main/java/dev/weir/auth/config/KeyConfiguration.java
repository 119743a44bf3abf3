package dev.weir.auth.config;

import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.AddressIndexRenewal;
import dev.weir.auth.account.OneTimeCodes;
import dev.weir.auth.database.Database;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.factor.Factors;
import dev.weir.auth.idempotency.IdempotencyStore;
import dev.weir.auth.key.KeyStore;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.RenewalJob;
import dev.weir.auth.key.Resealing;
import dev.weir.auth.key.RotationJob;
import dev.weir.auth.key.SealedColumn;
import dev.weir.auth.key.UnreadableKey;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.password.PepperRenewal;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Sessions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.util.retry.Retry;

/** Wires the keys, their rotation, and what is renewed when one retires. */
@Configuration(proxyBeanMethods = false)
class KeyConfiguration {
  // On a busy machine the first connection of a cold process can miss the bounds that a warm one
  // keeps.
  private static final Retry COLD_START =
      Retry.fixedDelay(40, Duration.ofMillis(250)).filter(Refused.class::isInstance);

  @Bean
  KeyStore keyStore(Database database, Settings settings, InstantSource clock) {
    return new KeyStore(database, settings.keks(), settings.keyPace(), clock);
  }

  /** Blocks, once, before anything is served: nothing works without keys. */
  @Bean
  Keys keys(KeyStore store) {
    try {
      var keys = store.rewrap().then(store.rotateWhenDue()).retryWhen(COLD_START);
      return new Keys(keys.blockOptional(Duration.ofSeconds(20)).orElseThrow());
    } catch (UnreadableKey e) {
      throw new StartRefused(
          "WEIR_AUTH_KEK_FILE does not open the keys in the database (" + e.getMessage() + ")",
          "put the key-encryption key back that they were stored under, or name it in"
              + " WEIR_AUTH_KEK_OTHER_FILES");
    }
  }

  @Bean
  RotationJob rotationJob(KeyStore store, Keys keys, Settings settings) {
    return new RotationJob(store, keys, settings.keyPace());
  }

  @Bean
  RenewalJob renewalJob(
      KeyStore store, Keys keys, Database database, AuthMetrics metrics, InstantSource clock) {
    var resealing = new Resealing(database, keys, sealedColumns(), metrics);
    var peppers = new PepperRenewal(database, keys);
    var addresses = new AddressIndexRenewal(database, keys);
    return new RenewalJob(store, keys, List.of(resealing, peppers, addresses), clock);
  }

  /** Every column that holds sealed values. */
  static List<SealedColumn> sealedColumns() {
    var columns = new ArrayList<>(Accounts.SEALED);
    columns.addAll(
        List.of(
            Sessions.SEALED,
            Factors.SEALED,
            Challenges.SEALED,
            OneTimeCodes.SEALED,
            Outbox.SEALED,
            IdempotencyStore.SEALED));
    return List.copyOf(columns);
  }
}
