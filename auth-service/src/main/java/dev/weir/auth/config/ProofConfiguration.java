package dev.weir.auth.config;

import dev.weir.auth.account.Accounts;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.key.Keys;
import dev.weir.auth.oauth.TokenFlow;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.redis.RedisLink;
import dev.weir.auth.redis.RedisProofLedger;
import dev.weir.auth.session.Callers;
import dev.weir.auth.session.SenderProofs;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.settings.SettingsServices;
import dev.weir.auth.throttle.AltchaPuzzle;
import dev.weir.auth.throttle.Puzzle;
import dev.weir.auth.token.AccessTokenReader;
import dev.weir.auth.token.ClientAssertions;
import dev.weir.auth.token.DpopNonces;
import dev.weir.auth.token.SeenProofs;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what tells who sends a request, and those who may ask about that. */
@Configuration(proxyBeanMethods = false)
class ProofConfiguration {
  @Bean
  SeenProofs seenProofs(RedisLink link, Settings settings, AuthMetrics metrics) {
    return new SeenProofs(new RedisProofLedger(link, settings.redis().prefix()), metrics);
  }

  @Bean
  Puzzle puzzle(Keys keys, Settings settings, SeenProofs seen, InstantSource clock) {
    return settings.captchaEffort() == 0
        ? Puzzle.NONE
        : new AltchaPuzzle(keys, seen, clock, settings.captchaEffort());
  }

  @Bean
  SenderProofs senderProofs(Keys keys, Settings settings, SeenProofs seen, InstantSource clock) {
    return new SenderProofs(settings.issuer(), new DpopNonces(keys, clock), seen, clock);
  }

  @Bean
  Callers callers(
      Keys keys,
      Settings settings,
      SenderProofs proofs,
      Sessions sessions,
      Accounts accounts,
      Database database,
      InstantSource clock) {
    var reader = new AccessTokenReader(keys, settings.issuer(), clock);
    return new Callers(reader, proofs, sessions, accounts, database, clock);
  }

  @Bean
  List<Endpoint> tokenEndpoints(
      SettingsServices services,
      Keys keys,
      Settings settings,
      SeenProofs seen,
      InstantSource clock) {
    return new TokenFlow(
            new TokenFlow.Services(
                services.database(),
                services.accounts(),
                services.sessions(),
                new AccessTokenReader(keys, settings.issuer(), clock),
                new ClientAssertions(settings.clients(), settings.issuer(), seen, clock),
                services.addresses()))
        .endpoints();
  }
}
