package dev.weir.auth.settings;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.AccountDetails;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.account.Notice;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.outbox.Message;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.password.PasswordRules;
import dev.weir.auth.password.StoredHash;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.EndReason;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.Session;
import dev.weir.auth.session.TokenAnswer;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * POST /password/change: the old password, a new one, and every session ends; the caller gets a
 * fresh one, in the answer of a login. One transaction: nobody who knows the old password is left
 * with a session, however the calls fall together.
 */
public final class PasswordFlow {
  private final SettingsServices services;
  private final PasswordHasher hasher;
  private final TokenAnswer answer;
  private final PasswordRules rules;

  public PasswordFlow(
      SettingsServices services, PasswordHasher hasher, PasswordRules rules, TokenAnswer answer) {
    this.services = services;
    this.hasher = hasher;
    this.rules = rules;
    this.answer = answer;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.PASSWORD_CHANGE, HttpMethod.POST, "/password/change", this::change));
  }

  private Mono<ServerResponse> change(ServerRequest request) {
    return services
        .callers()
        .requireFresh(request)
        .flatMap(caller -> BodyReader.read(request).map(fields -> Change.read(caller, fields)))
        .delayUntil(this::requireStrength)
        .delayUntil(change -> throttle(request, change))
        .delayUntil(change -> rules.requireUnleaked(change.fresh(), "new_password"))
        .flatMap(change -> proven(request, change));
  }

  private Mono<AccountDetails> requireStrength(Change change) {
    return services
        .database()
        .run(services.accounts().details(change.caller().account().id()))
        .doOnNext(details -> rules.require(change.fresh(), localPart(details), "new_password"));
  }

  private static String localPart(AccountDetails details) {
    return new EmailAddress(details.email()).localPart();
  }

  /** A stolen token is no licence to guess the password. */
  private Mono<?> throttle(ServerRequest request, Change change) {
    var identity = "password-change:" + change.caller().account().id();
    return services
        .throttle()
        .login(request, services.addresses().of(request), identity, Optional.empty());
  }

  private Mono<ServerResponse> proven(ServerRequest request, Change change) {
    var origin = Origin.of(request, services.addresses());
    return services
        .database()
        .run(services.credentials().find(change.caller().account().id()))
        .filterWhen(stored -> hasher.matches(change.old(), Optional.of(stored)))
        .zipWhen(_ -> hasher.hash(change.fresh()))
        .flatMap(hashes -> swap(change, hashes.getT1(), hashes.getT2(), origin))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.INVALID_CREDENTIALS)))
        .delayUntil(swapped -> services.throttle().passwordReplaced(swapped.account().id()))
        .delayUntil(swapped -> services.sessions().ending().deliver(swapped.message()))
        .doOnNext(_ -> services.metrics().accountChange("password"))
        .flatMap(swapped -> answer.write(swapped.account(), swapped.session(), List.of()));
  }

  private Mono<Swapped> swap(Change change, StoredHash proven, StoredHash fresh, Origin origin) {
    var id = change.caller().account().id();
    var work =
        services
            .credentials()
            .change(id, proven, fresh)
            .filter(rows -> rows > 0)
            // Or a session that has been ended would get another one by it.
            .delayUntil(_ -> services.callers().still(change.caller()))
            .flatMap(
                _ ->
                    services
                        .sessions()
                        .ending()
                        .endAllWithin(id, EndReason.PASSWORD_CHANGED, origin))
            .delayUntil(_ -> services.codes().forget(id))
            .delayUntil(_ -> services.notices().tell(id, Notice.PASSWORD_CHANGED))
            .flatMap(message -> reopened(change.caller(), message));
    return services.database().inTransaction(work);
  }

  private Mono<Swapped> reopened(Caller caller, Message message) {
    return Mono.zip(
        services.accounts().find(caller.account().id()),
        services.sessions().reopen(caller.session()),
        (account, session) -> new Swapped(account, session, message));
  }

  private record Swapped(Account account, Session session, Message message) {}

  private record Change(Caller caller, String old, String fresh) {
    static Change read(Caller caller, Fields fields) {
      var change =
          new Change(
              caller, fields.text("current_password", 1024), fields.text("new_password", 1024));
      fields.end();
      return change;
    }

    @Override
    public String toString() {
      return "Change[hidden]";
    }
  }
}
