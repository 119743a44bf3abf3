package dev.weir.auth.settings;

import dev.weir.auth.account.AccountDetails;
import dev.weir.auth.account.Profile;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.exchange.Representation;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Origin;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.IllformedLocaleException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * GET and PATCH /users/me. A change names the version that it was made from (If-Match): without one
 * 428, with an old one 412 and the account as it is now, so that two editors, or one who was
 * offline, can merge and try again.
 */
public final class ProfileFlow {
  private final SettingsServices services;
  private final Function<UUID, Mono<AccountDetails>> shown;

  /** Shows an account by a read that may lag; whoever changes it on that ground gets a 412. */
  public ProfileFlow(SettingsServices services, Function<UUID, Mono<AccountDetails>> shown) {
    this.services = services;
    this.shown = shown;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.ACCOUNT, HttpMethod.GET, "/users/me", this::show),
        new Endpoint(Operation.ACCOUNT_WRITE, HttpMethod.PATCH, "/users/me", this::change));
  }

  private Mono<ServerResponse> show(ServerRequest request) {
    return services
        .callers()
        .require(request)
        .flatMap(caller -> shown.apply(caller.account().id()))
        .flatMap(details -> write(request, details));
  }

  private Mono<ServerResponse> change(ServerRequest request) {
    return services
        .callers()
        .require(request)
        .doOnNext(_ -> requireVersion(request))
        .flatMap(caller -> BodyReader.readPatch(request).flatMap(f -> change(request, caller, f)))
        .flatMap(details -> write(request, details));
  }

  private Mono<AccountDetails> change(ServerRequest request, Caller caller, Fields fields) {
    var id = caller.account().id();
    var origin = Origin.of(request, services.addresses());
    return details(id)
        .flatMap(now -> write(request, now, patched(fields, now.profile()), origin))
        .filter(written -> written)
        .flatMap(_ -> details(id))
        .switchIfEmpty(Mono.defer(() -> details(id).flatMap(ProfileFlow::stale)));
  }

  /** Writes only over the version that was seen, which another call may have replaced since. */
  private Mono<Boolean> write(
      ServerRequest request, AccountDetails now, Profile profile, Origin origin) {
    var account = now.account();
    if (!matches(request, account.etag())) {
      return Mono.just(false);
    }
    var work =
        services
            .changes()
            .writeProfile(account.id(), account.version(), profile)
            .filter(rows -> rows > 0)
            .delayUntil(
                _ ->
                    services
                        .audit()
                        .append(origin.event(AuditAction.ACCOUNT_CHANGED, account.id())))
            .doOnNext(_ -> services.metrics().accountChange("profile"))
            .map(_ -> true);
    return services.database().inTransaction(work).defaultIfEmpty(false);
  }

  private static Profile patched(Fields fields, Profile current) {
    var name = fields.patchedText("display_name", 100, current.displayName());
    var locale = fields.patchedText("locale", 35, current.locale());
    var zone = fields.patchedText("time_zone", 64, current.timeZone());
    if (!isLocale(locale)) {
      fields.fault("locale", "must be a language tag such as en-GB");
    }
    if (!isZone(zone)) {
      fields.fault("time_zone", "must be a time zone such as Europe/Oslo");
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      fields.fault("display_name", "must not hold control characters");
    }
    fields.end();
    return new Profile(name, locale, zone);
  }

  private static boolean isLocale(String tag) {
    try {
      return tag.isEmpty()
          || !new Locale.Builder().setLanguageTag(tag).build().toString().isEmpty();
    } catch (IllformedLocaleException e) {
      return false;
    }
  }

  private static boolean isZone(String name) {
    try {
      return name.isEmpty() || !ZoneId.of(name).getId().isEmpty();
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static void requireVersion(ServerRequest request) {
    if (request.headers().asHttpHeaders().getIfMatch().isEmpty()) {
      throw Refused.of(AuthError.VERSION_MISSING);
    }
  }

  /** Compares strongly, as If-Match demands: a weak tag never matches. */
  private static boolean matches(ServerRequest request, String etag) {
    var tags = request.headers().asHttpHeaders().getIfMatch();
    return tags.contains("*") || tags.contains(etag);
  }

  private static Mono<AccountDetails> stale(AccountDetails current) {
    return Mono.error(
        Problem.of(AuthError.VERSION_STALE)
            .withHeader("ETag", current.account().etag())
            .withMember("current", current.view())
            .refuse());
  }

  private Mono<AccountDetails> details(UUID id) {
    return services.database().run(services.accounts().details(id));
  }

  private static Mono<ServerResponse> write(ServerRequest request, AccountDetails details) {
    return Representation.write(request, details.account().etag(), details.view());
  }
}
