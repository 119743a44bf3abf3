package dev.weir.auth.passkey;

import dev.weir.auth.account.Notice;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.exchange.PathId;
import dev.weir.auth.exchange.Representation;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Origin;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Showing, naming and removing passkeys; removing one takes a fresh second factor. */
public final class PasskeyFlow {
  private static final int MAX_NAME = 64;

  private final PasskeyServices services;

  public PasskeyFlow(PasskeyServices services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.PASSKEYS, HttpMethod.GET, "/passkeys", this::list),
        new Endpoint(Operation.PASSKEY_NAME, HttpMethod.PATCH, "/passkeys/{id}", this::rename),
        new Endpoint(Operation.PASSKEY_REMOVE, HttpMethod.DELETE, "/passkeys/{id}", this::remove));
  }

  private Mono<ServerResponse> list(ServerRequest request) {
    return services
        .callers()
        .require(request)
        .flatMap(caller -> services.database().run(services.passkeys().list(id(caller))))
        .flatMap(passkeys -> Representation.write(request, Map.of("passkeys", passkeys)));
  }

  private Mono<ServerResponse> rename(ServerRequest request) {
    var origin = Origin.of(request, services.addresses());
    return services
        .callers()
        .requireFresh(request)
        .flatMap(
            caller ->
                BodyReader.readPatch(request)
                    .map(PasskeyFlow::name)
                    .flatMap(name -> renamed(request, id(caller), name, origin)))
        .filter(rows -> rows > 0)
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.NOT_FOUND)))
        .flatMap(_ -> ServerResponse.noContent().build());
  }

  private Mono<Long> renamed(ServerRequest request, UUID userId, String name, Origin origin) {
    var work =
        Mono.justOrEmpty(PathId.of(request))
            .flatMap(id -> services.passkeys().rename(userId, id, name))
            .filter(rows -> rows > 0)
            .delayUntil(
                _ -> services.audit().append(origin.event(AuditAction.PASSKEY_RENAMED, userId)));
    return services.database().inTransaction(work);
  }

  private Mono<ServerResponse> remove(ServerRequest request) {
    return services
        .callers()
        .requireStrong(request)
        .flatMap(caller -> removed(request, caller))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.NOT_FOUND)))
        .doOnNext(_ -> services.metrics().factor("passkey_removed"))
        .flatMap(_ -> ServerResponse.noContent().build());
  }

  /** Nothing else is added or taken away meanwhile: the last one takes the recovery codes along. */
  private Mono<Long> removed(ServerRequest request, Caller caller) {
    var origin = Origin.of(request, services.addresses());
    var userId = id(caller);
    var work =
        services
            .callers()
            .stillUtmost(caller, services.factors()::isHeld)
            .flatMap(_ -> Mono.justOrEmpty(PathId.of(request)))
            .flatMap(id -> services.passkeys().remove(userId, id))
            .filter(rows -> rows > 0)
            .delayUntil(_ -> services.factors().forgetCodesOfNothing(userId))
            .delayUntil(
                _ -> services.audit().append(origin.event(AuditAction.PASSKEY_REMOVED, userId)))
            .delayUntil(_ -> services.notices().tell(userId, Notice.PASSKEY_REMOVED));
    return services.database().inTransaction(work);
  }

  private static UUID id(Caller caller) {
    return caller.account().id();
  }

  private static String name(Fields fields) {
    var name = fields.text("name", MAX_NAME);
    fields.end();
    return name;
  }
}
