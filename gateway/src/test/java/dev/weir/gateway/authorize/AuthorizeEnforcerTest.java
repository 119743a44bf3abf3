package dev.weir.gateway.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Issuer;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuthorizeEnforcerTest {
  private static final Issuer ISSUER =
      new Issuer(
          "weir",
          "https://issuer.test",
          URI.create("http://127.0.0.1/jwks"),
          "weir-api",
          Set.of("RS256"),
          Duration.ofSeconds(30));

  private static Verdict enforce(
      Set<String> routeRoles, Set<String> routeScopes, Set<String> roles, Set<String> scopes) {
    Exchange exchange = Requests.from("192.0.2.1", "");
    exchange.identify(new Caller("user-1", "session-1", "key", roles, scopes));
    return AuthorizeEnforcer.of(new Authentication.Jwt(ISSUER, routeRoles, routeScopes))
        .orElseThrow()
        .enforce(exchange);
  }

  @Test
  void oneOfTheRolesIsEnough() {
    Verdict verdict =
        enforce(Set.of("admin", "support"), Set.of(), Set.of("support", "x"), Set.of());
    assertThat(verdict).isEqualTo(Verdict.PROCEED);
  }

  @Test
  void everyScopeIsNeeded() {
    Rejection rejection =
        Requests.rejection(
            enforce(
                Set.of(),
                Set.of("orders:write", "orders:read"),
                Set.of(),
                Set.of("orders:read", "orders")));

    assertThat(rejection.error()).isEqualTo(GatewayError.INSUFFICIENT_SCOPE);
    assertThat(rejection.headers())
        .containsExactly(
            new Rejection.Header(
                "WWW-Authenticate",
                "Bearer realm=\"weir\", error=\"insufficient_scope\","
                    + " scope=\"orders:read orders:write\""));
    assertThat(enforce(Set.of(), Set.of("a", "b"), Set.of(), Set.of("b", "a", "c")))
        .isEqualTo(Verdict.PROCEED);
  }

  @Test
  void aMissingRoleComesFirstAndNamesNoRole() {
    Rejection rejection =
        Requests.rejection(enforce(Set.of("admin"), Set.of("s"), Set.of("customer"), Set.of()));

    assertThat(rejection.error()).isEqualTo(GatewayError.INSUFFICIENT_ROLE);
    assertThat(rejection.detail()).doesNotContain("admin").doesNotContain("customer");
    assertThat(rejection.headers())
        .containsExactly(
            new Rejection.Header(
                "WWW-Authenticate", "Bearer realm=\"weir\", error=\"insufficient_scope\""));
  }

  @Test
  void nobodyWithoutAnIdentityPasses() {
    Exchange anonymous = Requests.from("192.0.2.1", "");
    Verdict verdict =
        AuthorizeEnforcer.of(new Authentication.Jwt(ISSUER, Set.of(), Set.of("s")))
            .orElseThrow()
            .enforce(anonymous);
    assertThat(verdict).isInstanceOf(Verdict.Refuse.class);
  }

  @Test
  void aRouteThatAsksForNothingHasNoSuchStage() {
    assertThat(AuthorizeEnforcer.of(new Authentication.Open())).isEmpty();
    assertThat(AuthorizeEnforcer.of(new Authentication.Jwt(ISSUER, Set.of(), Set.of()))).isEmpty();
  }
}
