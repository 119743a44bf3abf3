package dev.weir.auth.verification;

import dev.weir.auth.account.AccountChanges;
import dev.weir.auth.account.AccountDetails;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.CodePurpose;
import dev.weir.auth.account.Invitations;
import dev.weir.auth.account.OneTimeCodes;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Callers;
import dev.weir.auth.session.Origin;
import dev.weir.auth.throttle.Throttle;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * POST /register/verify: a mailed code, together with the password that was chosen, proves the
 * address and makes a pending account active. The password is asked for so that nobody can have a
 * stranger confirm an account which they themselves registered. POST /users/me/verification sends
 * another code to whoever is logged in.
 */
public final class VerificationFlow {
  private final Services services;

  public VerificationFlow(Services services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.VERIFY, HttpMethod.POST, "/register/verify", this::verify),
        new Endpoint(
            Operation.VERIFY_AGAIN, HttpMethod.POST, "/users/me/verification", this::again));
  }

  private Mono<ServerResponse> verify(ServerRequest request) {
    return BodyReader.read(request)
        .map(VerificationFlow::read)
        .delayUntil(claim -> throttle(request, claim))
        .flatMap(claim -> check(request, claim))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.VERIFICATION_INVALID)))
        .flatMap(_ -> ServerResponse.noContent().build());
  }

  private Mono<?> throttle(ServerRequest request, Claim claim) {
    var client = services.addresses().of(request);
    return services.throttle().login(request, client, "verify:" + claim.code(), Optional.empty());
  }

  private static Claim read(Fields fields) {
    var claim = new Claim(fields.text("code", 64), fields.text("password", 1024));
    fields.end();
    return claim;
  }

  private Mono<UUID> check(ServerRequest request, Claim claim) {
    var database = services.database();
    return database
        .run(
            services
                .codes()
                .owner(claim.code(), CodePurpose.VERIFY_ADDRESS)
                .flatMap(services.credentials()::find))
        .flatMap(stored -> services.hasher().matches(claim.password(), Optional.of(stored)))
        .filter(matches -> matches)
        .flatMap(
            _ -> database.inTransaction(prove(claim, Origin.of(request, services.addresses()))));
  }

  private Mono<UUID> prove(Claim claim, Origin origin) {
    return services
        .codes()
        .use(claim.code(), CodePurpose.VERIFY_ADDRESS)
        .map(OneTimeCodes.Used::userId)
        .filterWhen(id -> services.changes().verify(id).map(rows -> rows > 0))
        .delayUntil(id -> services.audit().append(origin.event(AuditAction.ACCOUNT_VERIFIED, id)));
  }

  private Mono<ServerResponse> again(ServerRequest request) {
    return services
        .callers()
        .require(request)
        .flatMap(this::details)
        .filter(details -> details.verifiedAt().isEmpty())
        .flatMap(this::invite)
        .then(ServerResponse.status(HttpStatus.ACCEPTED).build());
  }

  private Mono<AccountDetails> details(Caller caller) {
    return services.database().run(services.accounts().details(caller.account().id()));
  }

  private Mono<Void> invite(AccountDetails details) {
    return services
        .database()
        .inTransaction(services.invitations().confirm(details.account().id(), details.email()));
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
      AccountChanges changes,
      Credentials credentials,
      OneTimeCodes codes,
      Invitations invitations,
      PasswordHasher hasher,
      AuditLog audit,
      Throttle throttle,
      Callers callers,
      ClientAddresses addresses) {}
}
