package dev.weir.auth.session;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.database.Database;
import dev.weir.auth.database.Row;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.token.AccessToken;
import dev.weir.auth.token.AccessTokenReader;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;

/**
 * Tells who a request comes from. Here Postgres is asked each time: this service is where a session
 * is known to live.
 */
public final class Callers {
  private static final String SCHEME = "Bearer ";
  private static final String PROVEN = "DPoP ";

  private final AccessTokenReader reader;
  private final SenderProofs proofs;
  private final Sessions sessions;
  private final Accounts accounts;
  private final Database database;
  private final InstantSource clock;

  public Callers(
      AccessTokenReader reader,
      SenderProofs proofs,
      Sessions sessions,
      Accounts accounts,
      Database database,
      InstantSource clock) {
    this.reader = reader;
    this.proofs = proofs;
    this.sessions = sessions;
    this.accounts = accounts;
    this.database = database;
    this.clock = clock;
  }

  public Mono<Caller> require(ServerRequest request) {
    return token(request)
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

  /**
   * Asks for as much as the account can prove: a fresh second factor where it has one, else a fresh
   * login. For whatever adds a way in: where a password were enough for that, a stolen one would be
   * enough for everything that the new factor may do, and removing the owner's is part of it.
   */
  public Mono<Caller> requireUtmost(
      ServerRequest request, Function<UUID, Mono<Boolean>> hasSecondFactor) {
    return requireFresh(request)
        .zipWhen(caller -> database.run(hasSecondFactor.apply(caller.account().id())))
        .map(known -> known.getT2() ? strong(known.getT1()) : known.getT1());
  }

  /**
   * Asks that once more, as {@link #still} does: a factor that somebody has added meanwhile counts.
   */
  public Mono<Caller> stillUtmost(Caller caller, Function<UUID, Mono<Boolean>> hasSecondFactor) {
    return still(caller)
        .flatMap(_ -> hasSecondFactor.apply(caller.account().id()))
        .map(held -> held ? strong(caller) : caller);
  }

  /**
   * Holds the person's row and the session's, in the caller's transaction: after a change of the
   * password or the end of the session nothing of what it began is done any more.
   */
  public Mono<Caller> still(Caller caller) {
    return accounts
        .holdAlone(caller.account())
        .filterWhen(_ -> holdSession(caller))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.TOKEN_INVALID)))
        .map(_ -> caller);
  }

  /** After the person's row, as whoever ends all sessions does. */
  private Mono<Boolean> holdSession(Caller caller) {
    return database
        .sql("select id from auth.sessions where id = :id and status = 'active' for share")
        .bind("id", caller.session().id())
        .map(Row.as(row -> row.id("id")))
        .one()
        .hasElement();
  }

  /** Looks at a caller who is known already: a proof of a key can be shown but once. */
  private Caller strong(Caller caller) {
    fresh(caller, StepUp.AAL2);
    return caller;
  }

  private void fresh(Caller caller, StepUp level) {
    var oldest = clock.instant().minus(StepUp.FRESH);
    if (!level.isMetBy(caller.token().acr()) || caller.token().authenticatedAt().isBefore(oldest)) {
      throw level.refusal();
    }
  }

  /**
   * Verifies the token alone, and the proof of its key where it has one: an ended session may still
   * ask for its own end.
   */
  public Mono<AccessToken> token(ServerRequest request) {
    return Mono.fromCallable(() -> presented(request))
        .delayUntil(presented -> sent(request, presented))
        .map(Presented::token);
  }

  private Presented presented(ServerRequest request) {
    var field = authorization(request).orElseThrow(() -> Refused.of(AuthError.TOKEN_MISSING));
    boolean proven = isOf(field, PROVEN);
    if (!proven && !isOf(field, SCHEME)) {
      throw Refused.of(AuthError.TOKEN_INVALID);
    }
    var text = field.substring(proven ? PROVEN.length() : SCHEME.length());
    var token = reader.read(text).orElseThrow(() -> Refused.of(AuthError.TOKEN_INVALID));
    if (token.key().isPresent() != proven) {
      throw SenderProofs.tokenInvalid();
    }
    return new Presented(text, token);
  }

  private Mono<Void> sent(ServerRequest request, Presented presented) {
    return Mono.justOrEmpty(presented.token().key())
        .flatMap(key -> proofs.requireForToken(request, presented.text(), key));
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
  private static Optional<String> authorization(ServerRequest request) {
    var headers = request.headers().header("Authorization");
    if (headers.size() > 1) {
      throw Refused.of(AuthError.TOKEN_INVALID);
    }
    return headers.stream().findFirst();
  }

  private static boolean isOf(String field, String scheme) {
    return field.regionMatches(true, 0, scheme, 0, scheme.length());
  }

  private record Presented(String text, AccessToken token) {
    @Override
    public String toString() {
      return "Presented[hidden]";
    }
  }
}
