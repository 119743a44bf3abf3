package dev.weir.auth.logout;

import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.exchange.PathId;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
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
import dev.weir.auth.token.AccessToken;
import dev.weir.auth.token.RefreshToken;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * Ends sessions: POST /logout the one of the token or cookie that comes with it, POST /logout/all
 * every one of the person, DELETE /sessions/{id} another one, DELETE /sessions?others all but this.
 */
public final class LogoutFlow {
  private final Services services;

  public LogoutFlow(Services services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.LOGOUT, HttpMethod.POST, "/logout", this::logout),
        new Endpoint(Operation.LOGOUT_ALL, HttpMethod.POST, "/logout/all", this::logoutAll),
        new Endpoint(Operation.SESSION_END, HttpMethod.DELETE, "/sessions/{id}", this::endOne),
        new Endpoint(Operation.SESSIONS_END, HttpMethod.DELETE, "/sessions", this::endOthers));
  }

  private Mono<ServerResponse> logout(ServerRequest request) {
    return Mono.defer(() -> sessionOf(request))
        .flatMap(id -> end(request, id, EndReason.LOGOUT))
        .then(Mono.defer(() -> gone(request)));
  }

  private Mono<Void> end(ServerRequest request, UUID sessionId, EndReason reason) {
    return services.sessions().ending().end(sessionId, reason, origin(request));
  }

  /**
   * Finds the session that is meant; a cookie that is none, or of no session, is already logged
   * out. The cookie must be one of ours to the last bit: knowing a session's id and its CSRF token,
   * which scripts can read, ends nothing.
   */
  private Mono<UUID> sessionOf(ServerRequest request) {
    var cookie = SessionCookies.refreshToken(request);
    if (cookie.isEmpty()) {
      return services.callers().token(request).map(AccessToken::session);
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
        .requireFresh(request)
        .flatMap(caller -> endAll(request, caller))
        .then(Mono.defer(() -> gone(request)));
  }

  private Mono<Void> endAll(ServerRequest request, Caller caller) {
    return services
        .sessions()
        .ending()
        .endAll(caller.account().id(), EndReason.LOGOUT_ALL, origin(request));
  }

  /** DELETE /sessions/{id}: one of the caller's own; any other is not there. */
  private Mono<ServerResponse> endOne(ServerRequest request) {
    return services
        .callers()
        .requireFresh(request)
        .flatMap(caller -> own(caller, request))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.NOT_FOUND)))
        .flatMap(session -> end(request, session.id(), EndReason.REVOKED).thenReturn(session))
        .flatMap(_ -> ServerResponse.noContent().build());
  }

  private Mono<Session> own(Caller caller, ServerRequest request) {
    return Mono.justOrEmpty(PathId.of(request))
        .flatMap(services.sessions()::findLive)
        .filter(session -> session.userId().equals(caller.account().id()));
  }

  /** DELETE /sessions?others: the word keeps a call that lost its id from ending everything. */
  private Mono<ServerResponse> endOthers(ServerRequest request) {
    if (request.queryParam("others").isEmpty()) {
      return Mono.error(
          Problem.of(AuthError.VALIDATION, "Say ?others, or name a session.").refuse());
    }
    return services
        .callers()
        .requireFresh(request)
        .flatMap(caller -> endOthers(request, caller))
        .then(ServerResponse.noContent().build());
  }

  private Mono<Void> endOthers(ServerRequest request, Caller caller) {
    return services
        .sessions()
        .ending()
        .endOthers(caller.account().id(), caller.session().id(), origin(request));
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
    return Origin.of(request, services.addresses());
  }

  /** What a logout stands on. */
  public record Services(
      Sessions sessions,
      Callers callers,
      CsrfGuard csrf,
      ClientAddresses addresses,
      AuthMetrics metrics) {}
}
