package dev.weir.auth.mfa;

import dev.weir.auth.account.AccountDetails;
import dev.weir.auth.account.Notice;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.exchange.PathId;
import dev.weir.auth.exchange.Representation;
import dev.weir.auth.factor.Enrolment;
import dev.weir.auth.factor.FactorKind;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Origin;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * The endpoints under /factors. An authenticator is a factor once it has given a code; to take one
 * away, or to get other recovery codes, takes a second factor of the last five minutes. So does
 * adding one, for whoever has a passkey.
 */
public final class FactorFlow {
  private final MfaServices services;

  public FactorFlow(MfaServices services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.FACTORS, HttpMethod.GET, "/factors", this::list),
        new Endpoint(Operation.FACTOR_ENROL, HttpMethod.POST, "/factors/totp", this::enrol),
        new Endpoint(
            Operation.FACTOR_CONFIRM, HttpMethod.POST, "/factors/{id}/confirm", this::confirm),
        new Endpoint(Operation.FACTOR_REMOVE, HttpMethod.DELETE, "/factors/{id}", this::remove),
        new Endpoint(
            Operation.RECOVERY_CODES, HttpMethod.POST, "/factors/recovery-codes", this::renew));
  }

  private Mono<ServerResponse> list(ServerRequest request) {
    return services
        .callers()
        .require(request)
        .flatMap(caller -> services.database().run(services.factors().list(caller.account().id())))
        .flatMap(factors -> Representation.write(request, Map.of("factors", factors)));
  }

  private Mono<ServerResponse> enrol(ServerRequest request) {
    return proven(request)
        .flatMap(caller -> enrol(caller.account().id()))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.FACTOR_EXISTS)))
        .flatMap(body -> written(HttpStatus.CREATED, body));
  }

  private Mono<Map<String, Object>> enrol(UUID userId) {
    var work =
        services
            .factors()
            .kinds(userId)
            .filter(kinds -> !kinds.contains(FactorKind.TOTP))
            .flatMap(_ -> services.factors().enrol(userId))
            .zipWith(services.accounts().details(userId), FactorFlow::body);
    return services.database().inTransaction(work);
  }

  private static Map<String, Object> body(Enrolment enrolment, AccountDetails details) {
    return Map.of(
        "id", enrolment.id(),
        "secret", enrolment.secret(),
        "uri", enrolment.uri(details.email()));
  }

  private Mono<ServerResponse> confirm(ServerRequest request) {
    return BodyReader.read(request)
        .map(FactorFlow::code)
        .zipWhen(_ -> proven(request))
        .delayUntil(read -> services.throttle().newFactor(read.getT2().account().id()))
        .flatMap(read -> confirmed(request, read.getT2(), read.getT1()))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.FACTOR_CODE_INVALID)))
        .doOnNext(_ -> services.metrics().factor("added"))
        .flatMap(codes -> written(HttpStatus.OK, Map.of("recovery_codes", codes)));
  }

  private static String code(Fields fields) {
    var code = fields.text("code", 32);
    fields.end();
    return code;
  }

  private Mono<List<String>> confirmed(ServerRequest request, Caller caller, String code) {
    var origin = Origin.of(request, services.addresses());
    var userId = caller.account().id();
    var work =
        still(caller)
            .flatMap(_ -> Mono.justOrEmpty(PathId.of(request)))
            .flatMap(id -> services.factors().confirm(userId, id, code))
            .delayUntil(
                _ -> services.audit().append(origin.event(AuditAction.FACTOR_ADDED, userId)))
            .delayUntil(_ -> services.notices().tell(userId, Notice.FACTOR_ADDED));
    return services.database().inTransaction(work);
  }

  private Mono<ServerResponse> remove(ServerRequest request) {
    return services
        .callers()
        .requireStrong(request)
        .flatMap(caller -> removed(request, caller))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.NOT_FOUND)))
        .doOnNext(_ -> services.metrics().factor("removed"))
        .flatMap(_ -> ServerResponse.noContent().build());
  }

  private Mono<Long> removed(ServerRequest request, Caller caller) {
    var origin = Origin.of(request, services.addresses());
    var userId = caller.account().id();
    var work =
        still(caller)
            .flatMap(_ -> Mono.justOrEmpty(PathId.of(request)))
            .flatMap(id -> services.factors().remove(userId, id))
            .filter(rows -> rows > 0)
            .delayUntil(
                _ -> services.audit().append(origin.event(AuditAction.FACTOR_REMOVED, userId)))
            .delayUntil(_ -> services.notices().tell(userId, Notice.FACTOR_REMOVED));
    return services.database().inTransaction(work);
  }

  private Mono<ServerResponse> renew(ServerRequest request) {
    return services
        .callers()
        .requireStrong(request)
        .flatMap(caller -> renewed(request, caller))
        .flatMap(codes -> written(HttpStatus.OK, Map.of("recovery_codes", codes)));
  }

  private Mono<List<String>> renewed(ServerRequest request, Caller caller) {
    var origin = Origin.of(request, services.addresses());
    var userId = caller.account().id();
    var work =
        still(caller)
            .flatMap(_ -> services.factors().renewRecoveryCodes(userId))
            .delayUntil(
                _ ->
                    services
                        .audit()
                        .append(origin.event(AuditAction.RECOVERY_CODES_RENEWED, userId)));
    return services.database().inTransaction(work);
  }

  /**
   * The confirmation asks again: what was begun before there was a passkey must not go round it.
   */
  private Mono<Caller> proven(ServerRequest request) {
    return services.callers().requireUtmost(request, services.factors()::isHeld);
  }

  /** Also before one is taken away: what goes with the last one is not decided by two at once. */
  private Mono<Caller> still(Caller caller) {
    return services.callers().stillUtmost(caller, services.factors()::isHeld);
  }

  private static Mono<ServerResponse> written(HttpStatus status, Map<String, ?> body) {
    return ServerResponse.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(Json.STRICT.writeValueAsBytes(body));
  }
}
