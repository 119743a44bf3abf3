package dev.weir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.AuthClient.Answer;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Behaves like a browser, and like a page that should not be able to. */
class BrowserIT {
  private static final String ORIGIN = "https://localhost:8443";

  private final TestSystem system = TestSystem.shared();
  private final Person person = Person.registered(system.client());
  private final Answer login = person.loginInBrowser();

  @Test
  void keepsTheRefreshTokenOutOfReachOfScripts() {
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.json().has("refresh_token")).isFalse();
    assertThat(login.setCookie("__Host-rt"))
        .containsIgnoringCase("HttpOnly")
        .contains("Secure", "SameSite=Strict", "Path=/")
        .doesNotContain("Max-Age", "Domain");
    assertThat(login.setCookie("__Host-csrf"))
        .contains("Secure", "SameSite=Strict")
        .doesNotContainIgnoringCase("HttpOnly");
    assertThat(login.setCookie("__Host-dev"))
        .containsIgnoringCase("HttpOnly")
        .contains("Max-Age=15552000");
    assertThat(login.cookie("__Host-csrf")).isEqualTo(login.text("csrf_token"));
  }

  @Test
  void rememberedSessionsOutliveTheBrowser() {
    var remembered =
        person
            .client()
            .post(
                "/login",
                Map.of("email", person.email(), "password", person.password(), "remember", true));
    assertThat(remembered.setCookie("__Host-rt")).containsPattern("Max-Age=(2592000|25919\\d\\d);");
  }

  @Test
  void refreshesByCookieAndCsrfToken() {
    var refreshed = browser(login).with("Origin", ORIGIN).post("/token/refresh");
    assertThat(refreshed.status()).isEqualTo(200);
    assertThat(refreshed.cookie("__Host-rt")).isNotEmpty().isNotEqualTo(login.cookie("__Host-rt"));
    assertThat(refreshed.text("csrf_token")).isEqualTo(refreshed.cookie("__Host-csrf"));
    var byFetchMetadata = browser(refreshed).with("Sec-Fetch-Site", "same-origin");
    assertThat(byFetchMetadata.post("/token/refresh").status()).isEqualTo(200);
  }

  @Test
  void refusesWhatAnotherSiteMadeTheBrowserSend() {
    var other = Person.registered(system.client()).loginInBrowser();
    for (var foreign :
        java.util.List.of(
            browser(login),
            browser(login).with("Origin", "https://evil.example"),
            browser(login).with("Origin", "null"),
            browser(login).with("Sec-Fetch-Site", "cross-site"),
            browser(login).with("Sec-Fetch-Site", "same-site"),
            cookies(login).with("Origin", ORIGIN),
            cookies(login).with("Origin", ORIGIN).with("X-CSRF-Token", "x"),
            cookies(login).with("Origin", ORIGIN).with("X-CSRF-Token", other.text("csrf_token")))) {
      assertThat(foreign.post("/token/refresh").code()).isEqualTo("csrf");
      var logout = foreign.post("/logout");
      assertThat(logout.code()).isEqualTo("csrf");
      assertThat(logout.setCookie("__Host-rt")).isEmpty();
    }
    var loginElsewhere = person.client().with("Origin", "https://evil.example");
    assertThat(new Person(loginElsewhere, person.email(), person.password()).login().code())
        .isEqualTo("csrf");
  }

  @Test
  void refusesBearerAndCookieTogether() {
    var both = browser(login).with("Origin", ORIGIN).bearer(login.text("access_token"));
    assertThat(both.post("/token/refresh").code()).isEqualTo("ambiguous-credentials");
    assertThat(both.post("/logout").code()).isEqualTo("ambiguous-credentials");
  }

  @Test
  void logsOutByCookieAndExpiresIt() {
    var here = browser(login).with("Origin", ORIGIN);
    var out = here.post("/logout");
    assertThat(out.status()).isEqualTo(204);
    assertThat(out.setCookie("__Host-rt")).contains("Max-Age=0");
    assertThat(here.post("/logout").status()).isEqualTo(204);
    var late = here.post("/token/refresh");
    assertThat(late.code()).isEqualTo("session-expired");
    assertThat(late.setCookie("__Host-rt")).contains("Max-Age=0");
  }

  @Test
  void repeatsALostAnswerToTheSameDeviceOnce() {
    var device = "; __Host-dev=" + login.cookie("__Host-dev");
    var here = withDevice(login, device);
    var lost = here.post("/token/refresh");
    assertThat(lost.status()).isEqualTo(200);

    system.clock().advance(Duration.ofMinutes(2));
    var again = here.post("/token/refresh");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.cookie("__Host-rt")).isEqualTo(lost.cookie("__Host-rt"));
    assertThat(here.post("/token/refresh").code()).isEqualTo("refresh-reused");
  }

  @Test
  void takesACookieTokenFromTheCookieOnly() {
    assertThat(person.refresh(login.cookie("__Host-rt")).code()).isEqualTo("refresh-invalid");
  }

  private AuthClient browser(Answer from) {
    return cookies(from).with("X-CSRF-Token", from.text("csrf_token"));
  }

  private AuthClient cookies(Answer from) {
    return person
        .client()
        .with(
            "Cookie",
            "__Host-rt="
                + from.cookie("__Host-rt")
                + "; __Host-csrf="
                + from.cookie("__Host-csrf"));
  }

  private AuthClient withDevice(Answer from, String device) {
    var cookies = cookies(from);
    return browser(from)
        .with("Cookie", cookies.headers().get("Cookie") + device)
        .with("Origin", ORIGIN);
  }
}
