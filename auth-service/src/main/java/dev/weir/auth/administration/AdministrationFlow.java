package dev.weir.auth.administration;

import dev.weir.auth.account.AccountDetails;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.exchange.PathId;
import dev.weir.auth.exchange.Representation;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Callers;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.Session;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * The endpoints under /admin/users. An address to look for comes in a body: a URL would be in logs.
 * What a caller may do is read from Postgres at each call, not from the token; whatever changes
 * something asks for a login of the last five minutes.
 */
public final class AdministrationFlow {
  private static final String READ = "users:read";
  private static final String WRITE = "users:write";
  private static final String USER = "/admin/users/{id}";
  private static final String ROLE = USER + "/roles/{role}";

  private final Administration administration;
  private final Callers callers;
  private final ClientAddresses addresses;

  public AdministrationFlow(
      Administration administration, Callers callers, ClientAddresses addresses) {
    this.administration = administration;
    this.callers = callers;
    this.addresses = addresses;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.USER_FIND, HttpMethod.POST, "/admin/users/find", this::find),
        new Endpoint(Operation.USER, HttpMethod.GET, USER, this::show),
        new Endpoint(Operation.USER_SESSIONS, HttpMethod.GET, USER + "/sessions", this::sessions),
        write(Operation.USER_DISABLE, "/disable", administration::disable),
        write(Operation.USER_ENABLE, "/enable", administration::enable),
        write(Operation.USER_LOGOUT, "/logout", administration::logout),
        new Endpoint(
            Operation.USER_FACTORS_REMOVE,
            HttpMethod.DELETE,
            USER + "/factors",
            request -> changed(request, administration::removeFactors)),
        new Endpoint(Operation.USER_GRANT, HttpMethod.PUT, ROLE, this::grant),
        new Endpoint(Operation.USER_TAKE, HttpMethod.DELETE, ROLE, this::take));
  }

  private Endpoint write(
      Operation operation, String suffix, BiFunction<UUID, Origin, Mono<Void>> action) {
    return new Endpoint(
        operation, HttpMethod.POST, USER + suffix, request -> changed(request, action));
  }

  private Mono<ServerResponse> find(ServerRequest request) {
    return require(callers.require(request), READ)
        .flatMap(_ -> BodyReader.read(request))
        .flatMap(fields -> administration.find(email(fields)))
        .map(AccountDetails::view)
        .map(List::of)
        .defaultIfEmpty(List.of())
        .flatMap(users -> Representation.write(request, Map.of("users", users)));
  }

  private Mono<ServerResponse> show(ServerRequest request) {
    return require(callers.require(request), READ)
        .flatMap(_ -> user(request))
        .flatMap(user -> Representation.write(request, user.account().etag(), view(user)));
  }

  private Mono<ServerResponse> sessions(ServerRequest request) {
    return require(callers.require(request), READ)
        .flatMap(_ -> user(request))
        .flatMap(user -> administration.sessions(user.account().id()))
        .map(sessions -> sessions.stream().map(AdministrationFlow::view).toList())
        .flatMap(views -> Representation.write(request, Map.of("sessions", views)));
  }

  private Mono<ServerResponse> grant(ServerRequest request) {
    var role = request.pathVariable("role");
    return changed(request, (id, origin) -> administration.grant(id, role, origin));
  }

  private Mono<ServerResponse> take(ServerRequest request) {
    var role = request.pathVariable("role");
    return changed(request, (id, origin) -> administration.take(id, role, origin));
  }

  private Mono<ServerResponse> changed(
      ServerRequest request, BiFunction<UUID, Origin, Mono<Void>> action) {
    return require(callers.requireFresh(request), WRITE)
        .flatMap(_ -> user(request))
        .flatMap(
            user ->
                action.apply(user.account().id(), Origin.of(request, addresses)).thenReturn(user))
        .flatMap(_ -> ServerResponse.noContent().build());
  }

  private Mono<AccountDetails> user(ServerRequest request) {
    return Mono.justOrEmpty(PathId.of(request))
        .flatMap(administration::find)
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.NOT_FOUND)));
  }

  private static Mono<Caller> require(Mono<Caller> caller, String scope) {
    return caller.doOnNext(
        c -> {
          if (!c.account().scopes().contains(scope)) {
            throw Refused.of(AuthError.INSUFFICIENT_SCOPE);
          }
        });
  }

  private static EmailAddress email(Fields fields) {
    var email = EmailAddress.read(fields, "email");
    fields.end();
    return email.orElseThrow();
  }

  private static Map<String, Object> view(AccountDetails user) {
    var view = new LinkedHashMap<>(user.view());
    view.put("status", user.account().status().name().toLowerCase(java.util.Locale.ROOT));
    return view;
  }

  private static Map<String, Object> view(Session session) {
    return Map.of(
        "id", session.id(),
        "device", session.client().userAgent(),
        "created_at", session.lifetime().createdAt(),
        "last_used_at", session.lifetime().lastUsedAt(),
        "acr", session.acr());
  }
}
