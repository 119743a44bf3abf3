package dev.weir.gateway.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Assurance;
import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.StepUp;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizeEnforcerTest {
  private static final Issuer ISSUER =
      new Issuer(
          "weir",
          "https://issuer.test",
          URI.create("http://127.0.0.1/jwks"),
          "weir-api",
          Set.of("RS256"),
          Duration.ofSeconds(30));

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(10_000));

  private static Verdict enforce(
      Set<String> routeRoles, Set<String> routeScopes, Set<String> roles, Set<String> scopes) {
    Exchange exchange = Requests.from("192.0.2.1", "");
    exchange.identify(new Caller("user-1", "session-1", "key", roles, scopes));
    return AuthorizeEnforcer.of(new Authentication.Jwt(ISSUER, routeRoles, routeScopes), CLOCK)
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
        AuthorizeEnforcer.of(new Authentication.Jwt(ISSUER, Set.of(), Set.of("s")), CLOCK)
            .orElseThrow()
            .enforce(anonymous);
    assertThat(verdict).isInstanceOf(Verdict.Refuse.class);
  }

  @Test
  void aRouteThatAsksForNothingHasNoSuchStage() {
    assertThat(AuthorizeEnforcer.of(new Authentication.Open(), CLOCK)).isEmpty();
    assertThat(AuthorizeEnforcer.of(new Authentication.Jwt(ISSUER, Set.of(), Set.of()), CLOCK))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "urn:x:aal2, 10000, true",
    "urn:x:aal2:device, 10000, true",
    "urn:x:aal2:device, 9699, false",
    "urn:x:aal2:other, 10000, false",
    "urn:x:aal, 10000, false",
    "urn:x:aal2, 9700, true",
    "urn:x:aal2, 9699, false",
    "urn:x:aal1, 10000, false",
    "'', 10000, false",
    "urn:x:aal2, -1, false"
  })
  void asksForALoginOfTheKindAndAgeThatTheRouteNames(String acr, long at, boolean passes) {
    StepUp stepUp = new StepUp(Set.of("urn:x:aal2"), Optional.of(Duration.ofMinutes(5)));
    Verdict verdict = enforce(stepUp, new Assurance(acr, at));

    assertThat(verdict.equals(Verdict.PROCEED)).isEqualTo(passes);
    if (!passes) {
      Rejection rejection = Requests.rejection(verdict);
      assertThat(rejection.error()).isEqualTo(GatewayError.STEP_UP_REQUIRED);
      assertThat(rejection.headers())
          .containsExactly(
              new Rejection.Header(
                  "WWW-Authenticate",
                  "Bearer realm=\"weir\", error=\"insufficient_user_authentication\","
                      + " acr_values=\"urn:x:aal2\", max_age=300"));
    }
  }

  @Test
  void takesASecondFactorAloneForNoBoundSession() {
    StepUp bound = new StepUp(Set.of("urn:x:aal2:device"), Optional.empty());
    assertThat(enforce(bound, new Assurance("urn:x:aal2:device", 0))).isEqualTo(Verdict.PROCEED);
    assertThat(Requests.rejection(enforce(bound, new Assurance("urn:x:aal2", 0))).error())
        .isEqualTo(GatewayError.STEP_UP_REQUIRED);
  }

  @Test
  void asksForAKindOrAnAgeAlone() {
    StepUp kind = new StepUp(Set.of("b", "a"), Optional.empty());
    assertThat(enforce(kind, new Assurance("b", -1))).isEqualTo(Verdict.PROCEED);
    assertThat(Requests.rejection(enforce(kind, Assurance.NONE)).headers().getFirst().value())
        .endsWith("acr_values=\"a b\"");
    StepUp age = new StepUp(Set.of(), Optional.of(Duration.ofHours(1)));
    assertThat(enforce(age, new Assurance("", 9_000))).isEqualTo(Verdict.PROCEED);
    assertThat(Requests.rejection(enforce(age, Assurance.NONE)).headers().getFirst().value())
        .endsWith("max_age=3600");
  }

  private static Verdict enforce(StepUp stepUp, Assurance assurance) {
    Exchange exchange = Requests.from("192.0.2.1", "");
    exchange.identify(new Caller("user-1", "", "key", Set.of(), Set.of(), Map.of(), "", assurance));
    return AuthorizeEnforcer.of(new Authentication.Jwt(ISSUER, Set.of(), Set.of(), stepUp), CLOCK)
        .orElseThrow()
        .enforce(exchange);
  }
}
