package dev.weir.auth.oauth;

import dev.weir.auth.account.Accounts;
import dev.weir.auth.database.Database;
import dev.weir.auth.exchange.BodyReader;
import dev.weir.auth.exchange.ClientAddresses;
import dev.weir.auth.exchange.Endpoint;
import dev.weir.auth.exchange.Form;
import dev.weir.auth.exchange.Json;
import dev.weir.auth.exchange.Operation;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import dev.weir.auth.problem.Refused;
import dev.weir.auth.session.EndReason;
import dev.weir.auth.session.Origin;
import dev.weir.auth.session.Session;
import dev.weir.auth.session.Sessions;
import dev.weir.auth.token.AccessTokenReader;
import dev.weir.auth.token.ClientAssertions;
import dev.weir.auth.token.ClientRight;
import dev.weir.auth.token.RefreshToken;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * POST /oauth2/introspect (RFC 7662) and POST /oauth2/revoke (RFC 7009), for services of the house
 * that prove by {@code private_key_jwt} who they are. Whatever is not a living token of ours is
 * told as {@code active: false} and nothing more, and ends without complaint. So is a refresh
 * token: who asks is a resource server, and would take it for an access token (RFC 7662 §2.2 leaves
 * it to us).
 */
public final class TokenFlow {
  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final List<String> TOLD =
      List.of(
          "iss",
          "sub",
          "aud",
          "exp",
          "iat",
          "jti",
          "client_id",
          "sid",
          "scope",
          "roles",
          "acr",
          "amr",
          "auth_time",
          "cnf");

  private final Services services;

  public TokenFlow(Services services) {
    this.services = services;
  }

  public List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(Operation.INTROSPECT, HttpMethod.POST, "/oauth2/introspect", this::introspect),
        new Endpoint(Operation.REVOKE, HttpMethod.POST, "/oauth2/revoke", this::revoke));
  }

  private Mono<ServerResponse> introspect(ServerRequest request) {
    return asked(request, ClientRight.INTROSPECT)
        .flatMap(this::told)
        .defaultIfEmpty(Map.of("active", false))
        .flatMap(
            body ->
                ServerResponse.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .bodyValue(Json.STRICT.writeValueAsBytes(body)));
  }

  private Mono<ServerResponse> revoke(ServerRequest request) {
    var origin = Origin.of(request, services.addresses());
    return asked(request, ClientRight.REVOKE)
        .flatMap(this::sessionOf)
        .flatMap(id -> services.sessions().ending().end(id, EndReason.REVOKED, origin))
        .then(ServerResponse.ok().build());
  }

  /** Returns the token that an authentic service asks about, which may. */
  private Mono<String> asked(ServerRequest request, ClientRight right) {
    return BodyReader.readForm(request)
        .delayUntil(form -> authenticated(form).doOnNext(client -> require(client, right)))
        .map(form -> form.text("token"));
  }

  private Mono<String> authenticated(Form form) {
    boolean signed =
        form.optionalText("client_assertion_type").filter(ASSERTION_TYPE::equals).isPresent();
    return Mono.justOrEmpty(form.optionalText("client_assertion"))
        .filter(_ -> signed)
        .flatMap(services.clients()::client)
        .filter(name -> form.optionalText("client_id").map(name::equals).orElse(true))
        .switchIfEmpty(Mono.error(TokenFlow::invalidClient));
  }

  /**
   * No token is issued to a service, so what RFC 7009 §2.1 asks of the token's own client is asked
   * of the list of services.
   */
  private void require(String client, ClientRight right) {
    if (!services.clients().may(client, right)) {
      throw Problem.of(AuthError.UNAUTHORIZED_CLIENT)
          .withMember("error", "unauthorized_client")
          .refuse();
    }
  }

  private static Refused invalidClient() {
    return Problem.of(AuthError.INVALID_CLIENT).withMember("error", "invalid_client").refuse();
  }

  private Mono<Map<String, Object>> told(String token) {
    return Mono.justOrEmpty(services.reader().verified(token))
        .flatMap(claims -> living(claims).map(_ -> access(claims)));
  }

  /** The session has not ended, and the person's epoch is not younger than the token. */
  private Mono<Session> living(JsonNode claims) {
    return services
        .sessions()
        .findLive(id(claims, "sid"))
        .filter(session -> session.userId().equals(id(claims, "sub")))
        .filterWhen(
            session ->
                services
                    .database()
                    .run(services.accounts().find(session.userId()))
                    .map(
                        account ->
                            account.isActive()
                                && claims.path("ue").longValue() >= account.epoch()));
  }

  /** An access token ends with its session; so does a refresh token, also one that was replaced. */
  private Mono<UUID> sessionOf(String token) {
    return services
        .reader()
        .verified(token)
        .map(claims -> Mono.just(id(claims, "sid")))
        .orElseGet(() -> authentic(token));
  }

  private Mono<UUID> authentic(String token) {
    return Mono.justOrEmpty(RefreshToken.read(token))
        .flatMap(
            read ->
                services
                    .sessions()
                    .findLive(read.sessionId())
                    .filter(session -> read.isAuthentic(session.key())))
        .map(Session::id);
  }

  private static Map<String, Object> access(JsonNode claims) {
    var body = new LinkedHashMap<String, Object>();
    body.put("active", true);
    body.put("token_type", claims.has("cnf") ? "DPoP" : "Bearer");
    TOLD.stream().filter(claims::has).forEach(name -> body.put(name, claims.path(name)));
    return body;
  }

  private static UUID id(JsonNode claims, String name) {
    return UUID.fromString(claims.path(name).stringValue());
  }

  /** What it stands on. */
  public record Services(
      Database database,
      Accounts accounts,
      Sessions sessions,
      AccessTokenReader reader,
      ClientAssertions clients,
      ClientAddresses addresses) {}
}
