package dev.weir.auth.refresh;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Callers;
import dev.weir.auth.session.ClientKind;
import dev.weir.auth.session.CsrfGuard;
import dev.weir.auth.session.Devices;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.RefreshOutcome;
import dev.weir.auth.session.SenderProofs;
import dev.weir.auth.session.SessionCookies;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.session.TokenAnswer;
import dev.weir.auth.throttle.Throttle;
import dev.weir.auth.token.RefreshToken;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * POST /token/refresh: a browser's token comes in its cookie and needs the CSRF token, a program's
 * in the body.
 */
public final class RefreshFlow {
  private final Services services;

  public RefreshFlow(Services services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.REFRESH, HttpMethod.POST, "/token/refresh", this::refresh));
  }

  private Mono<ServerResponse> refresh(ServerRequest request) {
    var cookie = SessionCookies.refreshToken(request);
    var answer = cookie.isPresent() ? fromCookie(request, cookie.get()) : fromBody(request);
    return answer.doOnError(this::count);
  }

  private Mono<ServerResponse> fromCookie(ServerRequest request, String cookie) {
    if (Callers.hasBearer(request)) {
      return Mono.error(Refused.of(AuthError.AMBIGUOUS_CREDENTIALS));
    }
    var token = RefreshToken.read(cookie);
    if (token.isEmpty()) {
      return Mono.error(Refused.of(AuthError.REFRESH_INVALID));
    }
    return Mono.fromRunnable(
            () -> services.csrf().requireForCookie(request, token.get().sessionId()))
        .then(Mono.defer(() -> carryOut(request, token.get(), ClientKind.BROWSER)));
  }

  private Mono<ServerResponse> fromBody(ServerRequest request) {
    return BodyReader.read(request)
        .map(RefreshFlow::tokenOf)
        .flatMap(token -> carryOut(request, token, ClientKind.NATIVE));
  }

  private static RefreshToken tokenOf(Fields fields) {
    var text = fields.text("refresh_token", 1024);
    fields.end();
    return RefreshToken.read(text).orElseThrow(() -> Refused.of(AuthError.REFRESH_INVALID));
  }

  private Mono<ServerResponse> carryOut(
      ServerRequest request, RefreshToken token, ClientKind channel) {
    var origin = Origin.of(request, services.addresses());
    var device = Devices.digest(SessionCookies.device(request));
    return services
        .sessions()
        .findAuthentic(token, channel)
        .delayUntil(session -> services.throttle().refresh(session.id()))
        .delayUntil(session -> services.proofs().require(request, session.client().key()))
        .flatMap(session -> services.sessions().refresh(session, token, device, origin))
        .defaultIfEmpty(new RefreshOutcome.Denied(RefreshOutcome.Reason.INVALID))
        .flatMap(outcome -> answer(request, outcome));
  }

  private Mono<ServerResponse> answer(ServerRequest request, RefreshOutcome outcome) {
    return switch (outcome) {
      case RefreshOutcome.Granted granted -> granted(request, granted);
      case RefreshOutcome.Denied denied -> Mono.error(denied(request, denied.reason()));
    };
  }

  private Mono<ServerResponse> granted(ServerRequest request, RefreshOutcome.Granted granted) {
    services.metrics().refresh(granted.cause().name().toLowerCase(Locale.ROOT));
    return services
        .database()
        .run(services.accounts().findForSession(granted.session().id()))
        .filter(Account::isActive)
        .flatMap(account -> services.answer().write(account, granted.session(), List.of()))
        .switchIfEmpty(Mono.error(() -> denied(request, RefreshOutcome.Reason.ENDED)));
  }

  /**
   * Expires a browser's cookies only when its session is really dead; any other refusal may be a
   * passing one.
   */
  private static Refused denied(ServerRequest request, RefreshOutcome.Reason reason) {
    if (reason != RefreshOutcome.Reason.INVALID
        && SessionCookies.refreshToken(request).isPresent()) {
      SessionCookies.expired().forEach(request.exchange().getResponse()::addCookie);
    }
    return Refused.of(
        switch (reason) {
          case INVALID -> AuthError.REFRESH_INVALID;
          case REUSED -> AuthError.REFRESH_REUSED;
          case ENDED -> AuthError.SESSION_EXPIRED;
        });
  }

  private void count(Throwable error) {
    var code = Optional.of(error).filter(Refused.class::isInstance).map(Refused.class::cast);
    services.metrics().refresh(code.map(r -> outcome(r.problem().error())).orElse("error"));
  }

  private static String outcome(AuthError error) {
    return switch (error) {
      case REFRESH_REUSED -> "reused";
      case SESSION_EXPIRED -> "expired";
      case THROTTLED -> "throttled";
      case DATABASE_UNAVAILABLE, INTERNAL, OVERLOADED -> "error";
      default -> "invalid";
    };
  }

  /** What a refresh stands on. */
  public record Services(
      Database database,
      Sessions sessions,
      Accounts accounts,
      Throttle throttle,
      SenderProofs proofs,
      CsrfGuard csrf,
      TokenAnswer answer,
      ClientAddresses addresses,
      AuthMetrics metrics) {}
}
