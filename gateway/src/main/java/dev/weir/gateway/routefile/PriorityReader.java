package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.PriorityRule;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Reads a route's priority: one class, or a class for each of a claim's values. */
final class PriorityReader {
  private static final String KEY = "priority";
  private static final PriorityRule STANDARD = PriorityRule.always(Priority.NORMAL);

  private final Findings findings;

  PriorityReader(Findings findings) {
    this.findings = findings;
  }

  /**
   * Reads the key; what is absent or broken is as if not written.
   *
   * @param open whether the route has no caller to ask for a claim
   */
  PriorityRule read(Block route, boolean open) {
    if (!route.holds(KEY, MappingNode.class)) {
      return route
          .value(KEY, Grammar.PRIORITY)
          .map(written -> PriorityRule.always(written.value()))
          .orElse(STANDARD);
    }
    if (open) {
      findings.add(
          route.at(KEY),
          ProblemCode.BAD_VALUE,
          "priority goes by a claim, and auth: none has none",
          "one of critical, high, normal, low on a route with auth: none",
          "write priority: normal, or set auth: { issuer: NAME }");
    }
    return route.block(KEY, Shape.PRIORITY).flatMap(this::byClaim).orElse(STANDARD);
  }

  private Optional<PriorityRule> byClaim(Block block) {
    Optional<Located<String>> claim = block.value("claim", Grammar.CLAIM_NAME);
    Priority usual =
        block.value("otherwise", Grammar.PRIORITY).map(Located::value).orElse(STANDARD.usual());
    Map<String, Priority> classes = new LinkedHashMap<>();
    boolean named = false;
    for (Priority each : Priority.values()) {
      named |= block.has(each.label());
      block
          .list(each.label(), Grammar.CLAIM_VALUE, Grammar.MOST_WORDS)
          .forEach(value -> put(classes, value, each));
    }
    if (!named) {
      findings.add(
          block.at(),
          ProblemCode.MISSING_KEY,
          "priority names a claim and no value of it",
          "critical, high, normal or low: a list of the claim's values",
          "write critical: [VALUE], or priority: normal");
    }
    return claim.map(name -> new PriorityRule(usual, name.value(), classes));
  }

  private void put(Map<String, Priority> classes, Located<String> value, Priority priority) {
    Priority before = classes.putIfAbsent(value.value(), priority);
    if (before != null && before != priority) {
      findings.add(
          value.at(),
          ProblemCode.DUPLICATE_ITEM,
          "'%s' is %s already".formatted(value.value(), before.label()),
          "every value under one class",
          "remove one of the two");
    }
  }
}
