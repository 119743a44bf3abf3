package dev.weir.gateway.jwt;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.jwt.IssuerTokens.Finding;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * Lets a request pass with a valid token of the route's issuer only (RFC 6750, RFC 9068), and says
 * who it is from then on.
 *
 * <p>Per request with a known token: what {@link IssuerTokens} does, three look-ups of revocations,
 * four fields set. Every refusal is made once and says the same whatever is wrong with the token,
 * so that nobody can feel their way. Only a token whose header names a key that we do not have may
 * wait, and only for a fetch that the budget of {@link KeyFollower} allows.
 *
 * <p>The Authorization field stays on the request: services behind may check the token again, and
 * most that move behind a gateway still do.
 */
final class JwtEnforcer implements Enforcer {
  private static final Duration REFRESH_WAIT = Duration.ofSeconds(2);
  private static final String CHALLENGE = "Bearer realm=\"weir\"";
  private static final Verdict MISSING =
      refuse(GatewayError.TOKEN_MISSING, "Send an access token as a bearer token", CHALLENGE);
  private static final Verdict INVALID =
      refuse(
          GatewayError.TOKEN_INVALID,
          "The access token is malformed, expired, revoked or not for this service",
          CHALLENGE + ", error=\"invalid_token\"");
  private static final Verdict NO_KEYS =
      new Verdict.Refuse(
          Rejection.retryAfter(
              GatewayError.IDENTITY_UNAVAILABLE,
              "Access tokens cannot be verified now; try again shortly",
              2));

  private final IssuerTokens tokens;
  private final Revocations revocations;
  private final SenderCheck senders;
  private final TokenMeters meters;

  JwtEnforcer(
      IssuerTokens tokens, Revocations revocations, SenderCheck senders, TokenMeters meters) {
    this.tokens = tokens;
    this.revocations = revocations;
    this.senders = senders;
    this.meters = meters;
  }

  private static Verdict refuse(GatewayError error, String detail, String challenge) {
    return new Verdict.Refuse(
        new Rejection(error, detail, List.of(new Rejection.Header("WWW-Authenticate", challenge))));
  }

  @Override
  public Verdict enforce(Exchange exchange) {
    return switch (Presented.in(exchange.head())) {
      case Presented.Nothing() -> MISSING;
      case Presented.Wrongly() -> reject();
      case Presented.Token token -> decide(exchange, token.text(), token);
      case Presented.Proven token -> decide(exchange, token.text(), token);
    };
  }

  private Verdict decide(Exchange exchange, String text, Presented as) {
    return switch (tokens.find(text)) {
      case Finding.Valid(AccessToken token, boolean cached) -> admit(exchange, token, cached, as);
      case Finding.Invalid(TokenFault fault) -> reject();
      case Finding.NoKeys() -> NO_KEYS;
      case Finding.UnknownKey() ->
          tokens
              .follower()
              .refreshForUnknownKey()
              .map(refresh -> await(exchange, text, as, refresh))
              .orElseGet(this::unknownKey);
    };
  }

  private Verdict admit(Exchange exchange, AccessToken token, boolean cached, Presented as) {
    boolean revoked =
        revocations.isRevoked(
            token.caller().session(), token.id(), token.caller().subject(), token.epoch());
    if (revoked) {
      return reject();
    }
    if (token.key().isEmpty() && as instanceof Presented.Token) {
      return proceed(exchange, token, cached);
    }
    return as instanceof Presented.Proven(String text) && !token.key().isEmpty()
        ? senders.judge(exchange, text, token.key(), () -> proceed(exchange, token, cached))
        : senders.refuseScheme();
  }

  private Verdict proceed(Exchange exchange, AccessToken token, boolean cached) {
    (cached ? meters.cached : meters.verified).increment();
    exchange.identify(token.caller());
    IdentityFields.write(exchange.headers(), token);
    return Verdict.PROCEED;
  }

  Verdict reject() {
    meters.rejected.increment();
    return INVALID;
  }

  /** No fetch is allowed now: while the issuer is away that is its fault and not the caller's. */
  private Verdict unknownKey() {
    return tokens.follower().isFailing() ? NO_KEYS : reject();
  }

  /** An outage of the issuer is never a 401: what could not be looked up is not known to be bad. */
  private Verdict await(
      Exchange exchange,
      String text,
      Presented as,
      CompletableFuture<KeyFollower.Outcome> refresh) {
    return new Verdict.Await(
        Mono.fromFuture(
                refresh
                    .copy()
                    .completeOnTimeout(
                        KeyFollower.Outcome.FAILED, REFRESH_WAIT.toMillis(), TimeUnit.MILLISECONDS)
                    .thenApplyAsync(
                        outcome -> decideAgain(exchange, text, as, outcome), exchange.eventLoop()))
            .flatMap(JwtEnforcer::settled));
  }

  /** A proof beside a token of a new key may have to be waited for as well. */
  private static Mono<Verdict> settled(Verdict verdict) {
    return verdict instanceof Verdict.Await(Mono<Verdict> later) ? later : Mono.just(verdict);
  }

  private Verdict decideAgain(
      Exchange exchange, String text, Presented as, KeyFollower.Outcome outcome) {
    return switch (tokens.find(text)) {
      case Finding.Valid(AccessToken token, boolean cached) -> admit(exchange, token, cached, as);
      case Finding.Invalid(TokenFault fault) -> reject();
      case Finding.NoKeys() -> NO_KEYS;
      case Finding.UnknownKey() -> outcome == KeyFollower.Outcome.FAILED ? NO_KEYS : reject();
    };
  }
}
