package dev.weir.auth.mfa;

import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Fields;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.factor.Challenge;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Caller;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.PendingLogin;
import dev.weir.auth.session.SessionCookies;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * proves more gets new tokens, and the old ones end (ASVS 7.2.4).
 */
public final class ChallengeFlow {
  private final MfaServices services;
  private final Verification verification;

  public ChallengeFlow(MfaServices services) {
    this.services = services;
    this.verification = new Verification(services);
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.MFA_CHALLENGE, HttpMethod.POST, "/mfa/challenge", this::challenge),
        new Endpoint(Operation.MFA_VERIFY, HttpMethod.POST, "/mfa/verify", this::verify));
  }

  private Mono<ServerResponse> challenge(ServerRequest request) {
    return services
        .callers()
        .require(request)
        .flatMap(this::opened)
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.FACTOR_MISSING)))
        .flatMap(
            id ->
                ServerResponse.status(HttpStatus.CREATED)
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue(Json.STRICT.writeValueAsBytes(body(id))));
  }

  private static Map<String, Object> body(String challengeId) {
    return Map.of("challenge_id", challengeId, "expires_in", Challenges.LIFE.toSeconds());
  }

  private Mono<String> opened(Caller caller) {
    var account = caller.account();
    var session = caller.session();
    var challenge =
        new Challenge(
            account.id(),
            account.epoch(),
            Optional.of(session.id()),
            new PendingLogin(session.client(), "").pack());
    return services
        .database()
        .run(
            services
                .factors()
                .isRequired(account.id())
                .filter(required -> required)
                .flatMap(_ -> services.challenges().open(challenge)));
  }

  private Mono<ServerResponse> verify(ServerRequest request) {
    return Mono.fromRunnable(() -> services.csrf().requireSameSite(request))
        .then(BodyReader.read(request))
        .map(Answer::read)
        .flatMap(answer -> met(answer, Origin.of(request, services.addresses())))
        .doOnNext(_ -> services.metrics().factor("verified"))
        .flatMap(this::written);
  }

  /** A try is taken before the code is looked at. */
  private Mono<Verification.Verified> met(Answer answer, Origin origin) {
    return services
        .database()
        .run(services.challenges().tried(answer.challengeId()))
        .switchIfEmpty(Mono.error(() -> Refused.of(AuthError.CHALLENGE_EXPIRED)))
        .delayUntil(challenge -> services.throttle().factor(challenge.userId()))
        .flatMap(
            challenge -> verification.of(answer.challengeId(), challenge, answer.code(), origin));
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

  private record Answer(String challengeId, String code) {
    static Answer read(Fields fields) {
      var answer = new Answer(fields.text("challenge_id", 64), fields.text("code", 32));
      fields.end();
      return answer;
    }

    @Override
    public String toString() {
      return "Answer[hidden]";
    }
  }
}
