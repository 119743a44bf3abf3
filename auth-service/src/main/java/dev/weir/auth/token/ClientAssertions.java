package dev.weir.auth.token;

import dev.weir.auth.key.OpaqueCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Set;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * Tells which service calls, by an assertion that it has signed for this very issuer ({@code
 * private_key_jwt}, RFC 7523 §3). An assertion lives two minutes at most and is good once, so one
 * that is read on the way is of no use.
 */
public final class ClientAssertions {
  private static final long MAX_LIFE_SECONDS = SeenProofs.KEPT.toSeconds();
  private static final long SKEW_SECONDS = Duration.ofSeconds(30).toSeconds();
  private static final int MAX_CHARS = 4096;

  private final Clients clients;
  private final Set<String> audiences;
  private final SeenProofs seen;
  private final InstantSource clock;

  public ClientAssertions(Clients clients, Issuer issuer, SeenProofs seen, InstantSource clock) {
    this.clients = clients;
    // The issuer is what newer texts want; the endpoint is what older clients send.
    this.audiences =
        Set.of(issuer.url(), issuer.url() + "/oauth2/introspect", issuer.url() + "/oauth2/revoke");
    this.seen = seen;
    this.clock = clock;
  }

  /** Returns the client's name, or nothing, whatever is wrong. */
  public Mono<String> client(String assertion) {
    return assertion.length() > MAX_CHARS
        ? Mono.empty()
        : Mono.fromCallable(() -> sound(assertion))
            .subscribeOn(Schedulers.parallel())
            .flatMap(Mono::justOrEmpty)
            .filterWhen(named -> seen.first(named.use()))
            .map(Named::client);
  }

  /** Tells whether a service that is known may do this. */
  public boolean may(String client, ClientRight right) {
    return clients.may(client, right);
  }

  private java.util.Optional<Named> sound(String assertion) {
    var parts = assertion.split("\\.", -1);
    var said =
        parts.length == 3 ? AccessTokenReader.json(parts[1]) : java.util.Optional.<JsonNode>empty();
    return said.map(claims -> claims.path("sub").asString(""))
        .flatMap(
            client ->
                clients
                    .verify(client, assertion)
                    .filter(claims -> isSound(claims, client))
                    .map(claims -> named(client, claims)));
  }

  private boolean isSound(JsonNode claims, String client) {
    long now = clock.instant().getEpochSecond();
    long expires = claims.path("exp").asLong(0);
    return claims.path("exp").isIntegralNumber()
        && expires > now
        && expires <= now + MAX_LIFE_SECONDS
        && claims.path("iat").asLong(now) <= now + SKEW_SECONDS
        && client.equals(claims.path("iss").asString(""))
        && audiences.contains(claims.path("aud").asString(""))
        && !claims.path("jti").asString("").isEmpty();
  }

  private static Named named(String client, JsonNode claims) {
    var digest = OpaqueCode.digest("client " + client + ' ' + claims.path("jti").asString(""));
    return new Named(client, HexFormat.of().formatHex(digest));
  }

  private record Named(String client, String use) {}
}
