package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.testing.AuthClient;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** What administrators do to accounts. */
record AdministrationChapter(TestSystem system, EndpointTable table) {
  private static final String NOBODY = "/admin/users/" + UUID.randomUUID();

  void run() {
    var admin = Person.registered(system.client());
    system.grant(admin.email(), "admin");
    var me = admin.loggedIn();
    finds(me);
    shows(me);
    disablesAndEnables(me);
    logsOut(me);
    givesAndTakesRoles(me);
    asksForAFreshLogin(admin);
  }

  private void finds(AuthClient admin) {
    var rows = table.of("POST /admin/users/find");
    var person = Person.registered(system.client());
    var path = "/admin/users/find";
    var found = rows.grants("an address", 200, admin.post(path, Map.of("email", person.email())));
    assertThat(found.json().path("users").size()).isEqualTo(1);
    var none = admin.post(path, Map.of("email", "nobody-at-all@example.org"));
    assertThat(rows.grants("nobody's address", 200, none).json().path("users").size()).isZero();
    rows.refuses("no address", 400, "validation", admin.post(path, Map.of("email", "x")));
    rows.refuses(
        "not an administrator",
        403,
        "insufficient-scope",
        person.loggedIn().post(path, Map.of("email", person.email())));
  }

  private void shows(AuthClient admin) {
    var person = Person.registered(system.client());
    var path = path(admin, person);
    var seen = table.of("GET /admin/users/{id}").grants("an administrator", 200, admin.get(path));
    assertThat(seen.text("status")).isEqualTo("active");
    table.refuses("no such account", 404, "not-found", admin.get(NOBODY));
    var other = person.loggedIn();
    table.refuses("not an administrator", 403, "insufficient-scope", other.get(path));
    var sessions = path + "/sessions";
    var list =
        table
            .of("GET /admin/users/{id}/sessions")
            .grants("an administrator", 200, admin.get(sessions));
    assertThat(list.json().path("sessions").size()).isEqualTo(1);
    table.refuses("not an administrator", 403, "insufficient-scope", other.get(sessions));
  }

  private void disablesAndEnables(AuthClient admin) {
    var person = Person.registered(system.client());
    var login = person.login();
    var path = path(admin, person);
    var rows = table.of("POST /admin/users/{id}/disable");
    rows.grants("an active account", 204, admin.post(path + "/disable"));
    rows.grants("one that is disabled", 204, admin.post(path + "/disable"));
    assertThat(person.login().code()).isEqualTo("invalid-credentials");
    assertThat(person.refresh(login.text("refresh_token")).code()).isEqualTo("session-expired");
    rows.refuses("no such account", 404, "not-found", admin.post(NOBODY + "/disable"));
    table
        .of("POST /admin/users/{id}/enable")
        .grants("a disabled account", 204, admin.post(path + "/enable"));
    assertThat(person.login().status()).isEqualTo(200);
    table.refuses("no such account", 404, "not-found", admin.post(NOBODY + "/enable"));
  }

  private void logsOut(AuthClient admin) {
    var person = Person.registered(system.client());
    var login = person.login();
    var rows = table.of("POST /admin/users/{id}/logout");
    rows.grants("any account", 204, admin.post(path(admin, person) + "/logout"));
    assertThat(person.refresh(login.text("refresh_token")).code()).isEqualTo("session-expired");
    rows.refuses("no such account", 404, "not-found", admin.post(NOBODY + "/logout"));
  }

  private void givesAndTakesRoles(AuthClient admin) {
    var person = Person.registered(system.client());
    var path = path(admin, person) + "/roles/";
    var rows = table.of("PUT /admin/users/{id}/roles/{role}");
    rows.grants("a role", 204, admin.put(path + "admin"));
    rows.refuses("no such role", 400, "role-unknown", admin.put(path + "emperor"));
    var promoted = person.loggedIn();
    assertThat(promoted.get("/users/me").json().path("roles").toString()).contains("admin");
    rows = table.of("DELETE /admin/users/{id}/roles/{role}");
    rows.grants("a role", 204, admin.delete(path + "admin"));
    rows.grants("one that the account has not", 204, admin.delete(path + "admin"));
    assertThat(promoted.get("/users/me").code()).isEqualTo("token-invalid");
    rows.refuses(
        "not an administrator", 403, "insufficient-scope", person.loggedIn().delete(path + "x"));
  }

  private void asksForAFreshLogin(Person admin) {
    var login = admin.login();
    system.clock().advance(Duration.ofMinutes(6));
    var refreshed = admin.refresh(login.text("refresh_token"));
    var me = admin.client().bearer(refreshed.text("access_token"));
    table
        .of("POST /admin/users/{id}/disable")
        .refuses(
            "a login of six minutes ago", 401, "step-up-required", me.post(NOBODY + "/disable"));
  }

  private static String path(AuthClient admin, Person person) {
    var found = admin.post("/admin/users/find", Map.of("email", person.email()));
    return "/admin/users/" + found.json().path("users").get(0).path("id").asString();
  }
}
