package dev.weir.gateway.jwt;

import dev.weir.gateway.route.Issuer;
import java.net.URI;
import java.util.Set;

/** What decides whose keys are followed, and which of them count. */
record KeySource(String name, URI jwks, Set<String> algorithms) {

  static KeySource of(Issuer issuer) {
    return new KeySource(issuer.name(), issuer.jwks(), issuer.algorithms());
  }
}
