package dev.weir.auth.passkey;

import dev.weir.auth.account.Notice;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.factor.Ceremony;
import dev.weir.auth.factor.PasskeyChecks.Registered;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Origin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Making passkeys. Who has nothing stronger than a password yet adds the first one with a fresh
 * login; from then on it takes a fresh second factor, or a stolen password would be enough to make
 * a passkey, and with it a login of more weight. As a login with the password asks for a passkey
 * from then on, whoever has no recovery codes gets ten with it: an authenticator can be lost.
 */
public final class NewPasskeyFlow {
  private static final int MAX_NAME = 64;
  private static final int MAX_CREDENTIAL = 12 * 1024;

  private final PasskeyServices services;
  private final Ceremony ceremony;

  public NewPasskeyFlow(PasskeyServices services) {
    this.services = services;
    this.ceremony = new Ceremony(services.checks().relyingParty());
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            Operation.PASSKEY_ASK, HttpMethod.POST, "/passkeys/register/options", this::ask),
        new Endpoint(
            Operation.PASSKEY_ADD, HttpMethod.POST, "/passkeys/register/verify", this::add));
  }

  private Mono<ServerResponse> ask(ServerRequest request) {
    return proven(request)
        .flatMap(
            caller ->
                services
                    .database()
                    .run(
                        Mono.zip(
                            services.accounts().details(id(caller)),
                            services.passkeys().descriptors(id(caller)))))
        .map(
            held ->
                ceremony.creation(
                    held.getT1(),
                    services.challenges().make(purpose(held.getT1().account().id())),
                    held.getT2()))
        .flatMap(options -> written(HttpStatus.OK, options));
  }

  private Mono<ServerResponse> add(ServerRequest request) {
    var origin = Origin.of(request, services.addresses());
    return BodyReader.read(request)
        .map(Answer::read)
        .zipWhen(_ -> proven(request))
        .delayUntil(read -> services.throttle().newFactor(id(read.getT2())))
        .flatMap(read -> added(read.getT2(), read.getT1(), origin))
        .doOnNext(_ -> services.metrics().factor("passkey_added"))
        .flatMap(added -> written(HttpStatus.CREATED, added.body()));
  }

  private Mono<Added> added(Caller caller, Answer answer, Origin origin) {
    return registered(id(caller), answer.credential())
        .flatMap(
            registered ->
                services
                    .database()
                    .inTransaction(
                        still(caller)
                            .then(
                                Mono.defer(
                                    () -> stored(id(caller), registered, answer.name(), origin)))));
  }

  private Mono<Registered> registered(UUID userId, String credential) {
    Predicate<byte[]> isOurs =
        challenge -> services.challenges().isOurs(challenge, purpose(userId));
    return Mono.fromCallable(() -> services.checks().registered(credential, isOurs))
        .subscribeOn(Schedulers.parallel())
        .flatMap(Mono::justOrEmpty)
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.PASSKEY_INVALID)));
  }

  private Mono<Added> stored(UUID userId, Registered registered, String name, Origin origin) {
    return services
        .challenges()
        .use(registered.challenge())
        .filter(rows -> rows > 0)
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.PASSKEY_INVALID)))
        .flatMap(_ -> services.passkeys().place(userId))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.PASSKEY_LIMIT)))
        .flatMap(_ -> services.passkeys().add(userId, registered.passkey(), name))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.PASSKEY_EXISTS)))
        .delayUntil(_ -> told(userId, origin))
        .flatMap(id -> withCodes(userId, id));
  }

  private Mono<Added> withCodes(UUID userId, UUID id) {
    return services
        .factors()
        .recoveryCodesIfNone(userId)
        .defaultIfEmpty(List.of())
        .map(codes -> new Added(id, codes));
  }

  private Mono<Void> told(UUID userId, Origin origin) {
    return services
        .audit()
        .append(origin.event(AuditAction.PASSKEY_ADDED, userId))
        .then(services.notices().tell(userId, Notice.PASSKEY_ADDED));
  }

  /** Returns the caller, who has proved as much as the account can ask for. */
  private Mono<Caller> proven(ServerRequest request) {
    return services.callers().requireUtmost(request, services.factors()::isHeld);
  }

  private Mono<Caller> still(Caller caller) {
    return services.callers().stillUtmost(caller, services.factors()::isHeld);
  }

  private static UUID id(Caller caller) {
    return caller.account().id();
  }

  private static String purpose(UUID userId) {
    return "register:" + userId;
  }

  private static Mono<ServerResponse> written(HttpStatus status, Map<String, ?> body) {
    return ServerResponse.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(Json.STRICT.writeValueAsBytes(body));
  }

  /** A passkey that is stored, and recovery codes where there were none. */
  private record Added(UUID id, List<String> codes) {
    Map<String, Object> body() {
      var body = new LinkedHashMap<String, Object>();
      body.put("id", id);
      if (!codes.isEmpty()) {
        body.put("recovery_codes", codes);
      }
      return body;
    }

    @Override
    public String toString() {
      return "Added[" + id + "]";
    }
  }

  private record Answer(String credential, String name) {
    static Answer read(Fields fields) {
      var credential = fields.object("credential", MAX_CREDENTIAL);
      var name = fields.optionalText("name", MAX_NAME).orElse("Passkey");
      fields.end();
      return new Answer(credential, name);
    }
  }
}
