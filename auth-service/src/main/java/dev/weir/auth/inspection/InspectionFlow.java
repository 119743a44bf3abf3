package dev.weir.auth.inspection;

import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.exchange.PathId;
import dev.weir.auth.exchange.Representation;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Callers;
import dev.weir.auth.session.Session;
import dev.weir.auth.session.Sessions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * GET /session/{id} and /sessions: a person's own, or an administrator's view; all else is not
 * there.
 */
public final class InspectionFlow {
  private static final String ADMIN = "admin";

  private final Callers callers;
  private final Sessions sessions;
  private final Function<UUID, Mono<List<Session>>> listing;

  /** Shows single sessions as they are, and lists them by a read that may lag. */
  public InspectionFlow(
      Callers callers, Sessions sessions, Function<UUID, Mono<List<Session>>> listing) {
    this.callers = callers;
    this.sessions = sessions;
    this.listing = listing;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.SESSION, HttpMethod.GET, "/session/{id}", this::session),
        new Endpoint(Operation.SESSIONS, HttpMethod.GET, "/sessions", this::sessions));
  }

  private Mono<ServerResponse> session(ServerRequest request) {
    return callers
        .require(request)
        .flatMap(caller -> visible(caller, PathId.of(request)))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.NOT_FOUND)))
        .flatMap(view -> Representation.write(request, view));
  }

  private Mono<Map<String, Object>> visible(Caller caller, Optional<UUID> id) {
    return Mono.justOrEmpty(id)
        .flatMap(sessions::findLive)
        .filter(session -> mayView(caller, session))
        .map(session -> view(session, caller));
  }

  private static boolean mayView(Caller caller, Session session) {
    return session.userId().equals(caller.account().id())
        || caller.account().roles().contains(ADMIN);
  }

  private Mono<ServerResponse> sessions(ServerRequest request) {
    return callers.require(request).flatMap(caller -> listed(request, caller));
  }

  private Mono<ServerResponse> listed(ServerRequest request, Caller caller) {
    return listing
        .apply(caller.account().id())
        .map(all -> all.stream().map(session -> view(session, caller)).toList())
        .flatMap(views -> Representation.write(request, Map.of("sessions", views)));
  }

  private static Map<String, Object> view(Session session, Caller caller) {
    var view = new LinkedHashMap<String, Object>();
    view.put("id", session.id());
    view.put("user_id", session.userId());
    view.put("client", session.client().kind().clientId());
    view.put("device", session.client().userAgent());
    view.put("ip", CoarseAddress.of(session.client().address()));
    view.put("created_at", session.lifetime().createdAt());
    view.put("last_used_at", session.lifetime().lastUsedAt());
    view.put("idle_expires_at", session.lifetime().idleExpiresAt());
    view.put("expires_at", session.lifetime().expiresAt());
    view.put("acr", session.acr());
    view.put("amr", session.proof().amr());
    view.put("auth_time", session.proof().authenticatedAt());
    view.put("current", session.id().equals(caller.session().id()));
    return view;
  }
}
