package dev.weir.auth.testing;

import dev.weir.auth.testing.AuthClient.Answer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody with an address, a password and a place on the network that nobody else shares. */
public record Person(AuthClient client, String email, String password) {
  private static final AtomicInteger COUNTER = new AtomicInteger();

  public static Person stranger(AuthClient client) {
    int number = COUNTER.incrementAndGet();
    var address = "10.%d.%d.%d".formatted(number >> 16, (number >> 8) & 0xff, number & 0xff);
    return new Person(
        client.from(address), "person" + number + "@example.org", "seven brown horses ran by");
  }

  public static Person registered(AuthClient client) {
    var person = stranger(client);
    var answer = person.register();
    if (answer.status() != 201) {
      throw new AssertionError("register: " + answer.status() + " " + answer.response().body());
    }
    return person;
  }

  public Answer register() {
    return client.post("/register", Map.of("email", email, "password", password));
  }

  public Answer login() {
    return client.post("/login", Map.of("email", email, "password", password, "client", "native"));
  }

  public Answer loginInBrowser() {
    return client.post("/login", Map.of("email", email, "password", password));
  }

  public Answer login(String otherPassword) {
    return client.post("/login", Map.of("email", email, "password", otherPassword));
  }

  /** Returns a client that carries the access token of a fresh login. */
  public AuthClient loggedIn() {
    return client.bearer(login().text("access_token"));
  }

  public Person withPassword(String other) {
    return new Person(client, email, other);
  }

  public Person withEmail(String other) {
    return new Person(client, other, password);
  }

  public Answer refresh(String token) {
    return client.post("/token/refresh", Map.of("refresh_token", token));
  }
}
