package dev.weir.auth.settings;

import dev.weir.auth.account.CodePurpose;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.account.Notice;
import dev.weir.auth.account.OneTimeCodes;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Origin;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * POST /users/me/email sends a code to the wanted address, POST /users/me/email/confirm moves the
 * account there. Whether somebody else has the address is told only to whoever reads it.
 */
public final class AddressFlow {
  private final SettingsServices services;

  public AddressFlow(SettingsServices services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.ADDRESS_CHANGE, HttpMethod.POST, "/users/me/email", this::ask),
        new Endpoint(
            Operation.ADDRESS_CONFIRM, HttpMethod.POST, "/users/me/email/confirm", this::confirm));
  }

  private Mono<ServerResponse> ask(ServerRequest request) {
    return services
        .callers()
        .requireFresh(request)
        .flatMap(caller -> BodyReader.read(request).flatMap(f -> send(request, caller, email(f))))
        .then(ServerResponse.status(HttpStatus.ACCEPTED).build());
  }

  private static EmailAddress email(Fields fields) {
    var email = EmailAddress.read(fields, "email");
    fields.end();
    return email.orElseThrow();
  }

  private Mono<Void> send(ServerRequest request, Caller caller, EmailAddress wanted) {
    var id = caller.account().id();
    var origin = Origin.of(request, services.addresses());
    var work =
        services
            .audit()
            .append(origin.event(AuditAction.ADDRESS_CHANGE_ASKED, id))
            .then(services.invitations().change(id, wanted));
    return services.database().inTransaction(work);
  }

  private Mono<ServerResponse> confirm(ServerRequest request) {
    return services
        .callers()
        .requireFresh(request)
        .flatMap(caller -> BodyReader.read(request).flatMap(f -> move(request, caller, code(f))))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.ADDRESS_CODE_INVALID)))
        .onErrorMap(DuplicateKeyException.class, _ -> Refused.of(AuthError.EMAIL_TAKEN))
        .doOnNext(_ -> services.metrics().accountChange("address"))
        .flatMap(_ -> ServerResponse.noContent().build());
  }

  private static String code(Fields fields) {
    var code = fields.text("code", 64);
    fields.end();
    return code;
  }

  /** The old address is told before the new one is written, in the same transaction. */
  private Mono<OneTimeCodes.Used> move(ServerRequest request, Caller caller, String code) {
    var id = caller.account().id();
    var origin = Origin.of(request, services.addresses());
    var work =
        services
            .codes()
            .use(code, CodePurpose.CHANGE_ADDRESS, id)
            .delayUntil(_ -> services.callers().still(caller))
            .delayUntil(_ -> services.notices().tell(id, Notice.ADDRESS_CHANGED))
            .delayUntil(
                used -> services.changes().writeAddress(id, new EmailAddress(used.payload())))
            .delayUntil(
                _ -> services.audit().append(origin.event(AuditAction.ADDRESS_CHANGED, id)));
    return services.database().inTransaction(work);
  }
}
