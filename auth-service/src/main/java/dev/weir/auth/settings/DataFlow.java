package dev.weir.auth.settings;

import dev.weir.auth.account.AccountDetails;
import dev.weir.auth.account.Notice;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.outbox.Message;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.EndReason;
import dev.weir.auth.session.Origin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * GET /users/me/export gives a person everything that is held of them, DELETE /users/me erases it.
 * What stays of an erased account is an id without address, so that the audit log keeps its
 * meaning.
 */
public final class DataFlow {
  private final SettingsServices services;

  public DataFlow(SettingsServices services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.ACCOUNT_EXPORT, HttpMethod.GET, "/users/me/export", this::export),
        new Endpoint(Operation.ACCOUNT_ERASE, HttpMethod.DELETE, "/users/me", this::erase));
  }

  private Mono<ServerResponse> export(ServerRequest request) {
    return services
        .callers()
        .requireFresh(request)
        .flatMap(caller -> collected(request, caller))
        .flatMap(
            body ->
                ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .header("Content-Disposition", "attachment; filename=\"account.json\"")
                    .bodyValue(Json.STRICT.writeValueAsBytes(body)));
  }

  private Mono<Map<String, Object>> collected(ServerRequest request, Caller caller) {
    var id = caller.account().id();
    var origin = Origin.of(request, services.addresses());
    var work =
        services
            .audit()
            .append(origin.event(AuditAction.ACCOUNT_EXPORTED, id))
            .then(
                Mono.zip(
                    services.accounts().details(id),
                    services.sessions().recorded(id),
                    services.audit().of(id)))
            .map(all -> export(all.getT1(), all.getT2(), all.getT3()));
    return services.database().inTransaction(work);
  }

  private static Map<String, Object> export(
      AccountDetails details,
      List<Map<String, Object>> sessions,
      List<Map<String, Object>> events) {
    var export = new LinkedHashMap<String, Object>();
    export.put("account", details.view());
    export.put("sessions", sessions);
    export.put("events", events);
    return export;
  }

  private Mono<ServerResponse> erase(ServerRequest request) {
    var origin = Origin.of(request, services.addresses());
    return services
        .callers()
        .requireFresh(request)
        .flatMap(caller -> services.database().inTransaction(erased(caller, origin)))
        .flatMap(services.sessions().ending()::deliver)
        .doOnSuccess(_ -> services.metrics().accountChange("erased"))
        .then(ServerResponse.noContent().build());
  }

  private Mono<Message> erased(Caller caller, Origin origin) {
    var id = caller.account().id();
    return services
        .callers()
        .still(caller)
        .then(services.notices().tell(id, Notice.ACCOUNT_ERASED))
        .then(services.changes().erase(id))
        .then(services.credentials().delete(id))
        .then(services.codes().forget(id))
        .then(services.factors().removeAll(id))
        .then(services.sessions().ending().forgetPlaces(id))
        .then(services.sessions().ending().endAllWithin(id, EndReason.ERASED, origin));
  }
}
