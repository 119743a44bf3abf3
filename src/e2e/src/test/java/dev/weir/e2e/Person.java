package dev.weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.UUID;

/** Somebody who registers and logs in. */
record Person(String email, String password) {
  static Person registered(Edge edge) {
    var person = new Person(UUID.randomUUID() + "@example.com", "a-quiet-river-7-stones");
    assertThat(edge.post("/auth/register", person.credentials()).statusCode()).isEqualTo(201);
    return person;
  }

  HttpResponse<String> login(Edge edge) {
    return edge.post("/auth/login", credentials());
  }

  /** Logs in and returns the access token. */
  String token(Edge edge) {
    var login = login(edge);
    assertThat(login.statusCode()).as(login.body()).isEqualTo(200);
    return Edge.json(login).get("access_token").asString();
  }

  String credentials() {
    return "{\"email\":\"%s\",\"password\":\"%s\"}".formatted(email, password);
  }
}
