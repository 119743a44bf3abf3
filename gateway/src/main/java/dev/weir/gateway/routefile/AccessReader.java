package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.StepUp;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads who may call a route. Nothing written means nobody decided, which is an error. */
final class AccessReader {
  private final Section<Issuer> issuers;
  private final Findings findings;

  AccessReader(Section<Issuer> issuers, Findings findings) {
    this.issuers = issuers;
    this.findings = findings;
  }

  /** Returns the rule, unless it is missing or broken. */
  Optional<Authentication> read(Block route) {
    Optional<Node> node = route.node("auth");
    if (node.isEmpty() || !(node.get() instanceof ScalarNode scalar)) {
      return route.block("auth", Shape.AUTH).flatMap(this::jwt);
    }
    if (scalar.getValue().equals("none")) {
      return Optional.of(new Authentication.Open());
    }
    findings.add(
        Entries.at(scalar),
        ProblemCode.BAD_VALUE,
        "auth '" + TextFormat.shortened(scalar.getValue()) + "' is unknown",
        "none, or { issuer: NAME, roles: [...], scopes: [...] }",
        "write auth: { issuer: NAME }, or auth: none to let everyone in");
    return Optional.empty();
  }

  private Optional<Authentication> jwt(Block auth) {
    List<Issuer> trusted =
        auth.holds("issuer", SequenceNode.class)
            ? several(auth.list("issuer", Grammar.NAME, Grammar.MOST_ISSUERS_OF_A_ROUTE))
            : auth.value("issuer", Grammar.NAME).flatMap(issuers::resolve).stream().toList();
    Set<String> roles = words(auth.list("roles", Grammar.ROLE, Grammar.MOST_WORDS));
    Set<String> scopes = words(auth.list("scopes", Grammar.SCOPE, Grammar.MOST_WORDS));
    Set<String> acr = words(auth.list("acr", Grammar.ROLE, Grammar.MOST_WORDS));
    StepUp stepUp = new StepUp(acr, auth.value("max-age", Grammar.MAX_AGE).map(Located::value));
    return trusted.isEmpty()
        ? Optional.empty()
        : Optional.of(new Authentication.Jwt(trusted, roles, scopes, stepUp));
  }

  /** A token is looked at by the one issuer that it names, so each name leads to one. */
  private List<Issuer> several(List<Located<String>> names) {
    Map<String, Issuer> byName = new LinkedHashMap<>();
    for (Located<String> name : names) {
      issuers
          .resolve(name)
          .filter(issuer -> byName.putIfAbsent(issuer.issuer(), issuer) != null)
          .ifPresent(
              again ->
                  findings.add(
                      name.at(),
                      ProblemCode.DUPLICATE_ITEM,
                      "issuer item '" + name.value() + "' has the iss of another one",
                      "issuers that differ in their iss",
                      "remove one of the two, or make two routes"));
    }
    return List.copyOf(byName.values());
  }

  private static Set<String> words(List<Located<String>> written) {
    Set<String> words = new LinkedHashSet<>();
    written.forEach(word -> words.add(word.value()));
    return words;
  }
}
