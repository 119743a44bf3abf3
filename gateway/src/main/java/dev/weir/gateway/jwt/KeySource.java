package dev.weir.gateway.jwt;

import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.KeyPlace;
import java.util.Set;

/** What decides whose keys are followed, and which of them count. */
record KeySource(String name, KeyPlace place, Set<String> algorithms) {

  static KeySource of(Issuer issuer) {
    return new KeySource(issuer.name(), issuer.keys(), issuer.algorithms());
  }
}
