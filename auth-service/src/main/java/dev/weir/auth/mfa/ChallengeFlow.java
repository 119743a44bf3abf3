package dev.weir.auth.mfa;

import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.factor.Challenge;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.factor.FactorKind;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.PendingLogin;
import dev.weir.auth.session.SessionCookies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * POST /mfa/challenge asks for a second factor for a session that is open, POST /mfa/verify answers
 * that question, or the one that a login left. The answer is a new session either way: whoever
 * proves more gets new tokens, and the old ones end (ASVS 7.2.4). In between, POST
 * /mfa/passkey/options tells a browser which passkeys would do; only who knows the password, and so
 * has a challenge, learns that.
 */
public final class ChallengeFlow {
  private final MfaServices services;
  private final Verification verification;
  private final PasskeyQuestion passkeys;
  private final Guesses guesses;

  public ChallengeFlow(MfaServices services) {
    this.services = services;
    this.verification = new Verification(services);
    this.passkeys = new PasskeyQuestion(services);
    this.guesses = new Guesses(services);
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.MFA_CHALLENGE, HttpMethod.POST, "/mfa/challenge", this::challenge),
        new Endpoint(Operation.MFA_PASSKEY, HttpMethod.POST, "/mfa/passkey/options", this::options),
        new Endpoint(Operation.MFA_VERIFY, HttpMethod.POST, "/mfa/verify", this::verify));
  }

  private Mono<ServerResponse> challenge(ServerRequest request) {
    return services
        .callers()
        .require(request)
        .delayUntil(caller -> services.throttle().stepUp(caller.session().id()))
        .flatMap(this::opened)
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.FACTOR_MISSING)))
        .flatMap(body -> json(HttpStatus.CREATED, body));
  }

  private static Map<String, Object> body(String challengeId, Set<FactorKind> kinds) {
    var body = new LinkedHashMap<String, Object>();
    body.put("challenge_id", challengeId);
    body.put("expires_in", Challenges.LIFE.toSeconds());
    body.put("factors", FactorKind.words(kinds));
    return body;
  }

  private Mono<Map<String, Object>> opened(Caller caller) {
    var account = caller.account();
    var session = caller.session();
    var challenge =
        new Challenge(
            account.id(),
            account.epoch(),
            Optional.of(session.id()),
            new PendingLogin(session.client(), "").pack());
    var work =
        services
            .factors()
            .kinds(account.id())
            .filter(kinds -> !kinds.isEmpty())
            .flatMap(kinds -> services.challenges().open(challenge).map(id -> body(id, kinds)));
    return services.database().run(work);
  }

  /** Costs no try: whoever asks has guessed nothing yet. */
  private Mono<ServerResponse> options(ServerRequest request) {
    return Mono.fromRunnable(() -> services.csrf().requireSameSite(request))
        .then(BodyReader.read(request))
        .map(ChallengeFlow::challengeId)
        .flatMap(this::asked)
        .flatMap(options -> json(HttpStatus.OK, options));
  }

  private static String challengeId(Fields fields) {
    var id = Answer.challengeId(fields);
    fields.end();
    return id;
  }

  private Mono<Map<String, Object>> asked(String challengeId) {
    var held =
        services
            .challenges()
            .find(challengeId)
            .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.CHALLENGE_EXPIRED)))
            .flatMap(challenge -> services.passkeys().descriptors(challenge.userId()));
    return services
        .database()
        .run(held)
        .filter(descriptors -> !descriptors.isEmpty())
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.FACTOR_MISSING)))
        .map(descriptors -> passkeys.options(challengeId, descriptors));
  }

  private Mono<ServerResponse> verify(ServerRequest request) {
    return Mono.fromRunnable(() -> services.csrf().requireSameSite(request))
        .then(BodyReader.read(request))
        .map(Answer::read)
        .flatMap(answer -> guesses.counted(request, answer, Mono.defer(() -> met(request, answer))))
        .doOnNext(_ -> services.metrics().factor("verified"))
        .flatMap(this::written);
  }

  /** A try is taken before the answer is looked at, of whichever kind it is. */
  private Mono<Verification.Verified> met(ServerRequest request, Answer answer) {
    var origin = Origin.of(request, services.addresses());
    return services
        .database()
        .run(services.challenges().tried(answer.challengeId()))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.CHALLENGE_EXPIRED)))
        .map(challenge -> new Owed(answer.challengeId(), challenge, origin))
        .flatMap(owed -> judged(owed, answer));
  }

  private Mono<Verification.Verified> judged(Owed owed, Answer answer) {
    if (answer.code().isPresent()) {
      return verification.byCode(owed, answer.code().get());
    }
    return Mono.justOrEmpty(answer.credential())
        .flatMap(credential -> passkeys.proof(owed, credential))
        .map(Optional::of)
        .defaultIfEmpty(Optional.empty())
        .flatMap(proof -> verification.byPasskey(owed, proof));
  }

  private Mono<ServerResponse> written(Verification.Verified verified) {
    var cookies =
        verified.device().isEmpty()
            ? List.<ResponseCookie>of()
            : List.of(SessionCookies.device(verified.device()));
    return Mono.justOrEmpty(verified.ended())
        .flatMap(services.sessions().ending()::deliver)
        .then(
            Mono.defer(
                () -> services.answer().write(verified.account(), verified.session(), cookies)));
  }

  private static Mono<ServerResponse> json(HttpStatus status, Map<String, ?> body) {
    return ServerResponse.status(status)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(Json.STRICT.writeValueAsBytes(body));
  }
}
