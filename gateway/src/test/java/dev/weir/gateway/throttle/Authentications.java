package dev.weir.gateway.throttle;

import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Issuer;
import java.net.URI;
import java.time.Duration;
import java.util.Set;

/** Whom a route lets in: anybody, or whoever has a token. */
final class Authentications {
  static final Authentication OPEN = new Authentication.Open();
  static final Authentication JWT =
      new Authentication.Jwt(
          new Issuer(
              "weir",
              "https://issuer.test",
              URI.create("http://127.0.0.1/jwks"),
              "weir-api",
              Set.of("RS256"),
              Duration.ofSeconds(30)),
          Set.of(),
          Set.of());

  private Authentications() {}
}
