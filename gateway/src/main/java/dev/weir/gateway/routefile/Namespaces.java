package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.Namespace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Sees to it that no two providers' subjects are ever the same text (ASVS 6.8.1). One of them may
 * go without a namespace; it is told what it cannot say.
 */
final class Namespaces {

  private Namespaces() {}

  /** Notes providers that share a namespace, and tells who has none of all others. */
  static void keepApart(Section<Issuer> issuers, Findings findings) {
    Set<String> named = new HashSet<>();
    Map<String, Issuer> owners = new HashMap<>();
    for (Issuer issuer : issuers.values()) {
      Namespace namespace = issuer.dialect().namespace();
      owners.putIfAbsent(namespace.prefix(), issuer);
      if (namespace.isNamed()) {
        named.add(namespace.prefix());
      }
    }
    issuers.replaceAll(
        (at, issuer) -> {
          Namespace namespace = issuer.dialect().namespace();
          Issuer owner = owners.getOrDefault(namespace.prefix(), issuer);
          // The same provider twice, for two audiences, has the same people.
          if (!owner.issuer().equals(issuer.issuer())) {
            findings.add(
                at,
                ProblemCode.SUBJECTS_COLLIDE,
                "'%s' and '%s' are two providers whose subjects nothing tells apart"
                    .formatted(owner.name(), issuer.name()),
                "one provider without a namespace, and one for each namespace",
                "add namespace: " + issuer.name());
          }
          return namespace.isNamed() ? issuer : issuer.in(new Namespace("", named));
        });
  }
}
