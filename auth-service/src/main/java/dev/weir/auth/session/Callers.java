package dev.weir.auth.session;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.database.Database;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.token.AccessToken;
import dev.weir.auth.token.AccessTokenReader;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * Tells who a request comes from. Here Postgres is asked each time: this service is where a session
 * is known to live.
 */
public final class Callers {
  private static final String SCHEME = "Bearer ";

  private final AccessTokenReader reader;
  private final Sessions sessions;
  private final Accounts accounts;
  private final Database database;
  private final InstantSource clock;

  public Callers(
      AccessTokenReader reader,
      Sessions sessions,
      Accounts accounts,
      Database database,
      InstantSource clock) {
    this.reader = reader;
    this.sessions = sessions;
    this.accounts = accounts;
    this.database = database;
    this.clock = clock;
  }

  public Mono<Caller> require(ServerRequest request) {
    return Mono.fromCallable(() -> bearer(request))
        .flatMap(this::caller)
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.TOKEN_INVALID)));
  }

  /** Also asks for a login of the last five minutes (RFC 9470). */
  public Mono<Caller> requireFresh(ServerRequest request) {
    return require(request).doOnNext(caller -> fresh(caller, StepUp.AAL1));
  }

  /** Also asks for a login of the last five minutes with a second factor. */
  public Mono<Caller> requireStrong(ServerRequest request) {
    return require(request).doOnNext(caller -> fresh(caller, StepUp.AAL2));
  }

  private void fresh(Caller caller, StepUp level) {
    var oldest = clock.instant().minus(StepUp.FRESH);
    if (!level.isMetBy(caller.token().acr()) || caller.token().authenticatedAt().isBefore(oldest)) {
      throw level.refusal();
    }
  }

  /** Verifies the token alone: an ended session may still ask for its own end. */
  public AccessToken bearer(ServerRequest request) {
    return bearerText(request)
        .map(text -> reader.read(text).orElseThrow(() -> Refused.of(AuthError.TOKEN_INVALID)))
        .orElseThrow(() -> Refused.of(AuthError.TOKEN_MISSING));
  }

  public static boolean hasBearer(ServerRequest request) {
    return !request.headers().header("Authorization").isEmpty();
  }

  private Mono<Caller> caller(AccessToken token) {
    return sessions
        .findLive(token.session())
        .filter(session -> session.userId().equals(token.subject()))
        .zipWhen(_ -> database.run(accounts.find(token.subject())))
        .filter(pair -> isCurrent(token, pair.getT2()))
        .map(pair -> new Caller(token, pair.getT1(), pair.getT2()));
  }

  private static boolean isCurrent(AccessToken token, Account account) {
    return account.isActive() && token.epoch() >= account.epoch();
  }

  /** Two Authorization headers are two callers, and a request has one. */
  private static Optional<String> bearerText(ServerRequest request) {
    var headers = request.headers().header("Authorization");
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    var value = headers.getFirst();
    if (headers.size() > 1 || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw Refused.of(AuthError.TOKEN_INVALID);
    }
    return Optional.of(value.substring(SCHEME.length()));
  }
}
