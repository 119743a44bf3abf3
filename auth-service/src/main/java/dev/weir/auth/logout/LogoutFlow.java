package dev.weir.auth.logout;

import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.exchange.RequestFacts;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Callers;
import dev.weir.auth.session.ClientKind;
import dev.weir.auth.session.CsrfGuard;
import dev.weir.auth.session.EndReason;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.Session;
import dev.weir.auth.session.SessionCookies;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.token.RefreshToken;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * POST /logout ends the session of the token or cookie that comes with it, POST /logout/all every
 * one of the person.
 */
public final class LogoutFlow {
  private static final Duration FRESH = Duration.ofMinutes(5);

  private final Services services;

  public LogoutFlow(Services services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.LOGOUT, HttpMethod.POST, "/logout", this::logout),
        new Endpoint(Operation.LOGOUT_ALL, HttpMethod.POST, "/logout/all", this::logoutAll));
  }

  private Mono<ServerResponse> logout(ServerRequest request) {
    return Mono.defer(() -> sessionOf(request))
        .flatMap(id -> end(request, id))
        .then(Mono.defer(() -> gone(request)));
  }

  private Mono<Void> end(ServerRequest request, UUID sessionId) {
    return services.sessions().ending().end(sessionId, EndReason.LOGOUT, origin(request));
  }

  /**
   * Finds the session that is meant; a cookie that is none, or of no session, is already logged
   * out. The cookie must be one of ours to the last bit: knowing a session's id and its CSRF token,
   * which scripts can read, ends nothing.
   */
  private Mono<UUID> sessionOf(ServerRequest request) {
    var cookie = SessionCookies.refreshToken(request);
    if (cookie.isEmpty()) {
      return Mono.just(services.callers().bearer(request).session());
    }
    if (Callers.hasBearer(request)) {
      throw Refused.of(AuthError.AMBIGUOUS_CREDENTIALS);
    }
    var token = RefreshToken.read(cookie.get());
    token.ifPresent(t -> services.csrf().requireForCookie(request, t.sessionId()));
    return Mono.justOrEmpty(token)
        .flatMap(t -> services.sessions().findAuthentic(t, ClientKind.BROWSER))
        .map(Session::id);
  }

  private Mono<ServerResponse> logoutAll(ServerRequest request) {
    return services
        .callers()
        .require(request)
        .doOnNext(this::requireFresh)
        .flatMap(
            caller -> services.sessions().ending().endAll(caller.account().id(), origin(request)))
        .then(Mono.defer(() -> gone(request)));
  }

  private void requireFresh(Caller caller) {
    var oldest = services.clock().instant().minus(FRESH);
    if (caller.token().authenticatedAt().isBefore(oldest)) {
      throw Refused.of(AuthError.STEP_UP_REQUIRED);
    }
  }

  private Mono<ServerResponse> gone(ServerRequest request) {
    services.metrics().logout();
    var response = ServerResponse.noContent();
    if (SessionCookies.refreshToken(request).isPresent()) {
      SessionCookies.expired().forEach(response::cookie);
    }
    return response.build();
  }

  private Origin origin(ServerRequest request) {
    var facts = RequestFacts.of(request.exchange());
    return new Origin(services.addresses().of(request).getHostAddress(), facts.traceId());
  }

  /** What a logout stands on. */
  public record Services(
      Sessions sessions,
      Callers callers,
      CsrfGuard csrf,
      ClientAddresses addresses,
      AuthMetrics metrics,
      InstantSource clock) {}
}
