package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Issuer;
import dev.weir.gateway.route.StepUp;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

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
    Optional<Issuer> issuer = auth.value("issuer", Grammar.NAME).flatMap(issuers::resolve);
    Set<String> roles = words(auth.list("roles", Grammar.ROLE, Grammar.MOST_WORDS));
    Set<String> scopes = words(auth.list("scopes", Grammar.SCOPE, Grammar.MOST_WORDS));
    Set<String> acr = words(auth.list("acr", Grammar.ROLE, Grammar.MOST_WORDS));
    StepUp stepUp = new StepUp(acr, auth.value("max-age", Grammar.MAX_AGE).map(Located::value));
    return issuer.map(known -> new Authentication.Jwt(known, roles, scopes, stepUp));
  }

  private static Set<String> words(List<Located<String>> written) {
    Set<String> words = new LinkedHashSet<>();
    written.forEach(word -> words.add(word.value()));
    return words;
  }
}
