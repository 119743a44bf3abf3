package dev.weir.auth.registration;

import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.idempotency.Entry;
import dev.weir.auth.idempotency.IdempotencyStore;
import dev.weir.auth.idempotency.Remembered;
import dev.weir.auth.idempotency.Ticket;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.password.PasswordRules;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.Origin;
import dev.weir.auth.throttle.Throttle;
import java.util.List;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * POST /register: body, throttle, leaks, idempotency, hash, then one transaction. The hash comes
 * before anyone looks whether the address is taken, so that both cases take the same time.
 */
public final class RegistrationFlow {
  private static final String ROUTE = "/register";

  private final ClientAddresses addresses;
  private final Throttle throttle;
  private final IdempotencyStore idempotency;
  private final PasswordHasher hasher;
  private final Newcomers newcomers;
  private final AuthMetrics metrics;
  private final PasswordRules rules;
  private final RegistrationRequest body;

  public RegistrationFlow(
      Entrance entrance, IdempotencyStore idempotency, PasswordHasher hasher, Newcomers newcomers) {
    this.addresses = entrance.addresses();
    this.throttle = entrance.throttle();
    this.rules = entrance.rules();
    this.body = new RegistrationRequest(rules);
    this.metrics = entrance.metrics();
    this.idempotency = idempotency;
    this.hasher = hasher;
    this.newcomers = newcomers;
  }

  public List<Endpoint> endpoints() {
    return List.of(new Endpoint(Operation.REGISTER, HttpMethod.POST, ROUTE, this::register));
  }

  private Mono<ServerResponse> register(ServerRequest request) {
    return BodyReader.read(request)
        .map(body::read)
        .delayUntil(_ -> throttle.register(request, addresses.of(request)))
        .delayUntil(chosen -> rules.requireUnleaked(chosen.password(), "password"))
        .flatMap(registration -> enter(request, registration))
        .doOnError(this::count);
  }

  private Mono<ServerResponse> enter(ServerRequest request, Registration registration) {
    var client = addresses.of(request);
    var payload = new String[] {registration.email().value(), registration.password()};
    return idempotency
        .enter(request, ROUTE, ClientAddresses.block(client), payload)
        .flatMap(
            entry ->
                switch (entry) {
                  case Entry.First first -> first(request, registration, first.ticket());
                  case Entry.Replay replay -> replay(replay.answer());
                });
  }

  private Mono<ServerResponse> first(
      ServerRequest request, Registration registration, Ticket ticket) {
    var origin = Origin.of(request, addresses);
    return hasher
        .hash(registration.password())
        .flatMap(hash -> newcomers.welcome(registration, hash, ticket, origin))
        .doOnNext(_ -> metrics.registration("accepted"))
        .onErrorResume(error -> idempotency.drop(ticket).then(Mono.error(error)))
        .flatMap(answer -> respond(answer, false));
  }

  private static Mono<ServerResponse> replay(Remembered answer) {
    return respond(answer, true);
  }

  private static Mono<ServerResponse> respond(Remembered answer, boolean replayed) {
    var response = ServerResponse.status(answer.status()).contentType(MediaType.APPLICATION_JSON);
    answer.location().ifPresent(location -> response.header("Location", location));
    answer.etag().ifPresent(etag -> response.header("ETag", etag));
    if (replayed) {
      response.header("Idempotency-Replayed", "true");
    }
    return response.bodyValue(answer.body());
  }

  private void count(Throwable error) {
    metrics.registration(
        error instanceof Refused refused ? refused.problem().error().code() : "error");
  }

  /** What stands before any registration work. */
  public record Entrance(
      ClientAddresses addresses, Throttle throttle, PasswordRules rules, AuthMetrics metrics) {}
}
