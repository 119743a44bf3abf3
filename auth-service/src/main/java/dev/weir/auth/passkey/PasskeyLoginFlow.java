package dev.weir.auth.passkey;

import dev.weir.auth.account.Account;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.factor.Ceremony;
import dev.weir.auth.factor.PasskeyChecks.Outcome;
import dev.weir.auth.factor.PasskeyChecks.Presented;
import dev.weir.auth.factor.StoredPasskey;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.ClientKind;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.Session;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Logging in with a passkey alone. Nobody says who they are before they prove it: the authenticator
 * knows the account, so there is no address to try, and whatever is wrong gets one answer. What is
 * proved, possession of a key and its user's verification, is two factors.
 */
public final class PasskeyLoginFlow {
  private static final String PURPOSE = "login";
  private static final int MAX_CREDENTIAL = 12 * 1024;

  private final PasskeyServices services;
  private final Ceremony ceremony;

  public PasskeyLoginFlow(PasskeyServices services) {
    this.services = services;
    this.ceremony = new Ceremony(services.checks().relyingParty());
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            Operation.PASSKEY_CHALLENGE, HttpMethod.POST, "/passkeys/login/options", this::ask),
        new Endpoint(
            Operation.PASSKEY_LOGIN, HttpMethod.POST, "/passkeys/login/verify", this::login));
  }

  private Mono<ServerResponse> ask(ServerRequest request) {
    return Mono.fromCallable(() -> ceremony.request(services.challenges().make(PURPOSE)))
        .flatMap(
            options ->
                ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue(Json.STRICT.writeValueAsBytes(options)));
  }

  private Mono<ServerResponse> login(ServerRequest request) {
    var origin = Origin.of(request, services.addresses());
    return Mono.fromRunnable(() -> services.csrf().requireSameSite(request))
        .then(BodyReader.read(request))
        .map(Answer::read)
        .delayUntil(_ -> services.throttle().unguessable(request, services.addresses().of(request)))
        .zipWhen(_ -> services.proofs().offered(request))
        .flatMap(
            read ->
                judged(read.getT1(), client(request, read.getT1(), read.getT2(), origin), origin))
        .doOnNext(_ -> services.metrics().login("success"))
        .flatMap(opened -> services.answer().write(opened.account(), opened.session(), List.of()));
  }

  private Mono<Opened> judged(Answer answer, Session.Client client, Origin origin) {
    return Mono.fromCallable(() -> services.checks().read(answer.credential()))
        .subscribeOn(Schedulers.parallel())
        .flatMap(Mono::justOrEmpty)
        .filter(presented -> services.challenges().isOurs(presented.challenge(), PURPOSE))
        .flatMap(presented -> found(presented))
        .flatMap(candidate -> checked(candidate, client, origin))
        .switchIfEmpty(Mono.defer(() -> refused(Optional.empty(), origin)));
  }

  private Mono<Candidate> found(Presented presented) {
    return services
        .database()
        .run(
            services
                .passkeys()
                .find(presented.credentialId())
                .filter(stored -> isOf(presented, stored.userId()))
                .zipWhen(stored -> services.accounts().find(stored.userId())))
        .filter(pair -> pair.getT2().isActive())
        .map(pair -> new Candidate(presented, pair.getT1(), pair.getT2()));
  }

  /** The authenticator says whose key it is; it has to be right (Level 3 §7.2 step 6). */
  private static boolean isOf(Presented presented, UUID userId) {
    return MessageDigest.isEqual(presented.userHandle(), Ceremony.handle(userId));
  }

  private Mono<Opened> checked(Candidate candidate, Session.Client client, Origin origin) {
    return Mono.fromCallable(
            () -> services.checks().check(candidate.presented(), candidate.stored()))
        .subscribeOn(Schedulers.parallel())
        .flatMap(
            outcome ->
                switch (outcome) {
                  case Outcome.Held held -> opened(candidate, held, client, origin);
                  case Outcome.Copied() -> copied(candidate, origin);
                  case Outcome.Wrong() -> refused(Optional.of(candidate.account().id()), origin);
                });
  }

  /** In one transaction; of two answers to one challenge, one finds it used. */
  private Mono<Opened> opened(
      Candidate candidate, Outcome.Held held, Session.Client client, Origin origin) {
    var account = candidate.account();
    var work =
        services
            .challenges()
            .use(candidate.presented().challenge())
            .filter(rows -> rows > 0)
            .flatMap(_ -> services.accounts().hold(account))
            .flatMap(
                _ ->
                    services.passkeys().used(candidate.stored(), held.signCount(), held.backedUp()))
            .filter(rows -> rows > 0)
            .flatMap(
                _ -> services.sessions().open(account.id(), client, services.sessions().passkey()))
            .delayUntil(session -> services.audit().append(succeeded(session, origin)))
            .map(session -> new Opened(account, session));
    return services
        .database()
        .inTransaction(work)
        .switchIfEmpty(Mono.defer(() -> refused(Optional.of(account.id()), origin)));
  }

  private static dev.weir.auth.audit.AuditEvent succeeded(Session session, Origin origin) {
    return origin.event(
        AuditAction.LOGIN_SUCCEEDED, Optional.of(session.userId()), Optional.of(session.id()));
  }

  private Mono<Opened> copied(Candidate candidate, Origin origin) {
    var id = candidate.account().id();
    return services
        .database()
        .run(services.audit().append(origin.event(AuditAction.PASSKEY_COPIED, id)))
        .then(refused(Optional.of(id), origin));
  }

  private Mono<Opened> refused(Optional<UUID> subject, Origin origin) {
    services.metrics().login("invalid_credentials");
    return services
        .database()
        .run(
            services
                .audit()
                .append(origin.event(AuditAction.LOGIN_FAILED, subject, Optional.empty())))
        .then(Mono.error(() -> Refused.of(AuthError.PASSKEY_REFUSED)));
  }

  private static Session.Client client(
      ServerRequest request, Answer answer, Optional<String> key, Origin origin) {
    var agent = request.headers().header("User-Agent").stream().findFirst().orElse("-");
    return new Session.Client(
        answer.client(), answer.remember(), Optional.empty(), key, agent, origin.address());
  }

  private record Candidate(Presented presented, StoredPasskey stored, Account account) {}

  private record Opened(Account account, Session session) {}

  private record Answer(String credential, ClientKind client, boolean remember) {
    static Answer read(Fields fields) {
      var answer =
          new Answer(
              fields.object("credential", MAX_CREDENTIAL),
              ClientKind.read(fields),
              fields.optionalFlag("remember"));
      fields.end();
      return answer;
    }

    @Override
    public String toString() {
      return "Answer[hidden]";
    }
  }
}
