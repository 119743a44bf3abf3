package dev.weir.auth.recovery;

import dev.weir.auth.account.AccountChanges;
import dev.weir.auth.account.AccountDetails;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.CodePurpose;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.account.Notice;
import dev.weir.auth.account.Notices;
import dev.weir.auth.account.OneTimeCodes;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.factor.Factors;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.outbox.Message;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.Topic;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.password.PasswordRules;
import dev.weir.auth.password.StoredHash;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.CsrfGuard;
import dev.weir.auth.session.EndReason;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.throttle.Throttle;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * POST /password/forgot and /password/reset. Forgetting writes one row, whoever's address it is,
 * and looks nothing up: {@link RecoveryDelivery} does that later, where nobody can time it. A reset
 * proves the address and ends every session. Second factors stay as they are, unless this is the
 * first time that anybody has proven the address.
 */
public final class RecoveryFlow {
  private static final String SAME_FOR_ALL =
      "{\"message\":\"If there is an account with this address, a mail is on its way to it.\"}";

  private final Services services;
  private final FirstProof proven;

  public RecoveryFlow(Services services) {
    this.services = services;
    this.proven = new FirstProof(services);
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.PASSWORD_FORGOT, HttpMethod.POST, "/password/forgot", this::forgot),
        new Endpoint(Operation.PASSWORD_RESET, HttpMethod.POST, "/password/reset", this::reset));
  }

  private Mono<ServerResponse> forgot(ServerRequest request) {
    return Mono.fromRunnable(() -> services.csrf().requireSameSite(request))
        .then(BodyReader.read(request))
        .map(RecoveryFlow::email)
        .delayUntil(_ -> services.throttle().recover(request, services.addresses().of(request)))
        .flatMap(email -> services.database().run(asked(request, email)))
        .doOnNext(_ -> services.metrics().recovery("asked"))
        .flatMap(
            _ ->
                ServerResponse.status(HttpStatus.ACCEPTED)
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue(SAME_FOR_ALL));
  }

  private static EmailAddress email(Fields fields) {
    var email = EmailAddress.read(fields, "email");
    fields.end();
    return email.orElseThrow();
  }

  private Mono<Message> asked(ServerRequest request, EmailAddress email) {
    var origin = Origin.of(request, services.addresses());
    var wish = new RecoveryDelivery.Wish(email.value(), origin.address(), origin.traceId());
    return services.outbox().add(Topic.RECOVERY, wish.pack(), "recovery:" + UUID.randomUUID());
  }

  private Mono<ServerResponse> reset(ServerRequest request) {
    return Mono.fromRunnable(() -> services.csrf().requireSameSite(request))
        .then(BodyReader.read(request))
        .map(Reset::read)
        .delayUntil(_ -> services.throttle().recover(request, services.addresses().of(request)))
        .flatMap(
            reset ->
                holder(reset)
                    .zipWhen(_ -> services.hasher().hash(reset.password()))
                    .flatMap(both -> replaced(request, reset, both.getT1(), both.getT2())))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.RESET_INVALID)))
        .delayUntil(services.sessions().ending()::deliver)
        .doOnNext(_ -> services.metrics().recovery("reset"))
        .flatMap(_ -> ServerResponse.noContent().build());
  }

  /** Judges the new password before the code is used up: whoever chose badly may choose again. */
  private Mono<AccountDetails> holder(Reset reset) {
    return services
        .database()
        .run(
            services
                .codes()
                .owner(reset.code(), CodePurpose.RESET_PASSWORD)
                .flatMap(services.accounts()::details))
        .filter(details -> details.account().mayReset())
        .doOnNext(
            details ->
                services
                    .rules()
                    .require(
                        reset.password(),
                        new EmailAddress(details.email()).localPart(),
                        "password"))
        .delayUntil(_ -> services.rules().requireUnleaked(reset.password(), "password"));
  }

  private Mono<Message> replaced(
      ServerRequest request, Reset reset, AccountDetails holder, StoredHash hash) {
    return written(request, reset, hash)
        .delayUntil(_ -> services.throttle().passwordReplaced(holder.account().id()));
  }

  private Mono<Message> written(ServerRequest request, Reset reset, StoredHash hash) {
    var origin = Origin.of(request, services.addresses());
    var work =
        services
            .codes()
            .use(reset.code(), CodePurpose.RESET_PASSWORD)
            .map(OneTimeCodes.Used::userId)
            .delayUntil(id -> services.credentials().reset(id, hash))
            .delayUntil(id -> proven.address(id, origin))
            .delayUntil(services.codes()::forget)
            .delayUntil(id -> services.notices().tell(id, Notice.PASSWORD_RESET))
            .flatMap(
                id ->
                    services
                        .sessions()
                        .ending()
                        .endAllWithin(id, EndReason.PASSWORD_RESET, origin));
    return services.database().inTransaction(work);
  }

  private record Reset(String code, String password) {
    static Reset read(Fields fields) {
      var reset = new Reset(fields.text("code", 64), fields.text("password", 1024));
      fields.end();
      return reset;
    }

    @Override
    public String toString() {
      return "Reset[hidden]";
    }
  }

  /** What a recovery stands on. */
  public record Services(
      Database database,
      Accounts accounts,
      AccountChanges changes,
      Credentials credentials,
      Factors factors,
      OneTimeCodes codes,
      Notices notices,
      AuditLog audit,
      Outbox outbox,
      Sessions sessions,
      PasswordHasher hasher,
      PasswordRules rules,
      CsrfGuard csrf,
      Throttle throttle,
      ClientAddresses addresses,
      AuthMetrics metrics) {}
}
