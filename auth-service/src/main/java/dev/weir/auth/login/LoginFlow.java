package dev.weir.auth.login;

import dev.weir.auth.account.Account;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.factor.FactorKind;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.ClientKind;
import dev.weir.auth.session.CsrfGuard;
import dev.weir.auth.session.Devices;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.PendingLogin;
import dev.weir.auth.session.SenderProofs;
import dev.weir.auth.session.Session;
import dev.weir.auth.session.SessionCookies;
import dev.weir.auth.session.TokenAnswer;
import dev.weir.auth.throttle.LoginAttempt;
import dev.weir.auth.throttle.Puzzle;
import dev.weir.auth.throttle.Throttle;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * POST /login. The order is fixed and the same for everyone: origin, body, attempt taken, proof of
 * a key if there is one, account looked up, one hash, then a session or the one refusal. Nothing on
 * the way differs between an address that is known and one that is not.
 */
public final class LoginFlow {
  private final Services services;

  public LoginFlow(Services services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(new Endpoint(Operation.LOGIN, HttpMethod.POST, "/login", this::login));
  }

  private Mono<ServerResponse> login(ServerRequest request) {
    return Mono.fromRunnable(() -> services.csrf().requireSameSite(request))
        .then(BodyReader.read(request))
        .map(LoginRequest::read)
        .flatMap(body -> throttled(request, body))
        .doOnNext(_ -> services.metrics().login("success"))
        .doOnError(error -> services.metrics().login(outcome(error)));
  }

  private Mono<ServerResponse> throttled(ServerRequest request, LoginRequest body) {
    var client = services.addresses().of(request);
    var device = trustedDevice(request, body);
    return services
        .throttle()
        .login(request, client, body.identity(), device)
        .delayUntil(attempt -> attempt.isRisky() ? worked(body, attempt) : Mono.empty())
        .flatMap(attempt -> judged(request, body, device, attempt));
  }

  /** Whoever has not done the work yet is told what it is; it costs no attempt. */
  private Mono<Boolean> worked(LoginRequest body, LoginAttempt attempt) {
    return services
        .puzzle()
        .isSolved(body.captcha())
        .filter(solved -> solved)
        .switchIfEmpty(
            Mono.defer(
                () ->
                    services
                        .throttle()
                        .refund(attempt)
                        .onErrorComplete()
                        .then(services.puzzle().make())
                        .flatMap(puzzle -> Mono.error(LoginFlow.asked(puzzle)))));
  }

  private static Refused asked(String puzzle) {
    return Problem.of(AuthError.CAPTCHA_REQUIRED)
        .withMember("challenge", Json.STRICT.readTree(puzzle))
        .refuse();
  }

  private Mono<ServerResponse> judged(
      ServerRequest request, LoginRequest body, Optional<String> device, LoginAttempt attempt) {
    var origin = Origin.of(request, services.addresses());
    return services
        .proofs()
        .offered(request)
        .map(key -> new Held(device, key))
        .zipWhen(_ -> services.checks().check(body, origin))
        .onErrorResume(error -> giveBack(attempt, error))
        .flatMap(
            good ->
                opened(request, body, good.getT1(), new Admitted(good.getT2(), attempt, origin)));
  }

  /** Whoever was refused for reasons of ours, or for want of a nonce, gets the attempt back. */
  private <T> Mono<T> giveBack(LoginAttempt attempt, Throwable error) {
    return error instanceof Refused refused && isSpent(refused.problem().error())
        ? Mono.error(error)
        : services.throttle().refund(attempt).onErrorComplete().then(Mono.error(error));
  }

  /** A proof that does not hold has cost a signature, as a wrong password costs a hash. */
  private static boolean isSpent(AuthError error) {
    return error == AuthError.INVALID_CREDENTIALS || error == AuthError.DPOP_PROOF_INVALID;
  }

  private Mono<ServerResponse> opened(
      ServerRequest request, LoginRequest body, Held held, Admitted admitted) {
    var device =
        body.client() == ClientKind.BROWSER
            ? Optional.of(services.devices().next(held.device(), body.identity()))
            : Optional.<String>empty();
    var client = client(request, body, new Held(device, held.key()), admitted.origin());
    var pending = new PendingLogin(client, device.orElse(""));
    return services
        .checks()
        .open(admitted.account(), pending, admitted.origin())
        .delayUntil(_ -> services.throttle().succeeded(admitted.attempt()).onErrorComplete())
        .flatMap(opening -> answered(admitted.account(), opening, device));
  }

  private Mono<ServerResponse> answered(Account account, Opening opening, Optional<String> device) {
    return switch (opening) {
      // A known cookie is given again, or it would end 180 days after the first login.
      case Opening.Opened opened ->
          services
              .answer()
              .write(
                  account, opened.session(), device.map(SessionCookies::device).stream().toList());
      case Opening.Owed owed -> Mono.error(owed(owed));
    };
  }

  private static Refused owed(Opening.Owed owed) {
    return Problem.of(AuthError.MFA_REQUIRED)
        .withMember("challenge_id", owed.challengeId())
        .withMember("expires_in", Challenges.LIFE.toSeconds())
        .withMember("factors", FactorKind.words(owed.kinds()))
        .refuse();
  }

  private static Session.Client client(
      ServerRequest request, LoginRequest body, Held held, Origin origin) {
    var agent = request.headers().header("User-Agent").stream().findFirst().orElse("-");
    return new Session.Client(
        body.client(),
        body.remember(),
        Devices.digest(held.device()),
        held.key(),
        agent,
        origin.address());
  }

  private Optional<String> trustedDevice(ServerRequest request, LoginRequest body) {
    return SessionCookies.device(request)
        .filter(cookie -> services.devices().isTrustedFor(cookie, body.identity()));
  }

  private static String outcome(Throwable error) {
    if (!(error instanceof Refused refused)) {
      return "error";
    }
    return switch (refused.problem().error()) {
      case INVALID_CREDENTIALS -> "invalid_credentials";
      case MFA_REQUIRED -> "mfa_required";
      case THROTTLED -> "throttled";
      case OVERLOADED -> "overloaded";
      case VALIDATION, MALFORMED_BODY, BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE, CSRF -> "refused";
      case DPOP_PROOF_INVALID, DPOP_NONCE_REQUIRED, CAPTCHA_REQUIRED -> "refused";
      default -> "error";
    };
  }

  /** What a client can show beside a password: a device cookie, a proof of a key. */
  private record Held(Optional<String> device, Optional<String> key) {}

  private record Admitted(Account account, LoginAttempt attempt, Origin origin) {}

  /** What a login stands on. */
  public record Services(
      LoginChecks checks,
      Throttle throttle,
      Devices devices,
      Puzzle puzzle,
      SenderProofs proofs,
      CsrfGuard csrf,
      TokenAnswer answer,
      ClientAddresses addresses,
      AuthMetrics metrics) {}
}
