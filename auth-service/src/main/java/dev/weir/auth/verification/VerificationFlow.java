package dev.weir.auth.verification;

import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.VerificationCodes;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditEvent;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.exchange.RequestFacts;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.throttle.Throttle;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * POST /register/verify: a mailed code, together with the password that was chosen, makes a pending
 * account active. The password is asked for so that nobody can have a stranger confirm an account
 * which they themselves registered.
 */
public final class VerificationFlow {
  private final Services services;

  public VerificationFlow(Services services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.VERIFY, HttpMethod.POST, "/register/verify", this::verify));
  }

  private Mono<ServerResponse> verify(ServerRequest request) {
    return BodyReader.read(request)
        .map(VerificationFlow::read)
        .delayUntil(
            claim ->
                services
                    .throttle()
                    .login(
                        request,
                        services.addresses().of(request),
                        "verify:" + claim.code(),
                        Optional.empty()))
        .flatMap(claim -> check(request, claim))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.VERIFICATION_INVALID)))
        .flatMap(_ -> ServerResponse.noContent().build());
  }

  private static Claim read(Fields fields) {
    var claim = new Claim(fields.text("code", 64), fields.text("password", 1024));
    fields.end();
    return claim;
  }

  private Mono<UUID> check(ServerRequest request, Claim claim) {
    var database = services.database();
    return database
        .run(services.codes().owner(claim.code()).flatMap(services.credentials()::find))
        .flatMap(stored -> services.hasher().matches(claim.password(), Optional.of(stored)))
        .filter(matches -> matches)
        .flatMap(_ -> database.inTransaction(activate(request, claim)));
  }

  private Mono<UUID> activate(ServerRequest request, Claim claim) {
    return services
        .codes()
        .use(claim.code())
        .filterWhen(id -> services.accounts().activate(id).map(rows -> rows > 0))
        .delayUntil(id -> services.audit().append(verified(request, id)));
  }

  private AuditEvent verified(ServerRequest request, UUID id) {
    return new AuditEvent(
        AuditAction.ACCOUNT_VERIFIED,
        Optional.of(id),
        Optional.empty(),
        services.addresses().of(request).getHostAddress(),
        RequestFacts.of(request.exchange()).traceId());
  }

  private record Claim(String code, String password) {
    @Override
    public String toString() {
      return "Claim[hidden]";
    }
  }

  /** What a verification stands on. */
  public record Services(
      Database database,
      Accounts accounts,
      Credentials credentials,
      VerificationCodes codes,
      PasswordHasher hasher,
      AuditLog audit,
      Throttle throttle,
      ClientAddresses addresses) {}
}
