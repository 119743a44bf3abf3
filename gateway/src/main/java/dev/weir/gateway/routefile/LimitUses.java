package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.Limit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads which limits a route uses: names, or names with what a request of this route costs. */
final class LimitUses {
  private static final String KEY = "limits";

  private final Section<Limit> limits;
  private final Findings findings;

  LimitUses(Section<Limit> limits, Findings findings) {
    this.limits = limits;
    this.findings = findings;
  }

  /** Returns the sound ones in the order of the file. */
  List<Limit> read(Block route, Optional<Authentication> authentication) {
    boolean open = authentication.map(Authentication.Open.class::isInstance).orElse(false);
    Set<String> names = new HashSet<>();
    List<Limit> resolved = new ArrayList<>();
    for (Node item : route.items(KEY, Grammar.MOST_LIMITS_OF_A_ROUTE)) {
      Optional<Block> costly =
          item instanceof MappingNode
              ? Block.of(item, Entries.at(item), Shape.USE, findings)
              : Optional.empty();
      Optional<Located<String>> name =
          item instanceof MappingNode
              ? costly.flatMap(use -> use.value("limit", Grammar.NAME))
              : route.item(KEY, item, Grammar.NAME);
      name.filter(written -> isFirst(written, names))
          .flatMap(written -> resolve(written, costly, open))
          .ifPresent(resolved::add);
    }
    return resolved;
  }

  private boolean isFirst(Located<String> name, Set<String> names) {
    if (names.add(name.value())) {
      return true;
    }
    findings.add(
        name.at(),
        ProblemCode.DUPLICATE_ITEM,
        KEY + " item '" + name.value() + "' is listed twice",
        "every item once",
        "remove one of the two");
    return false;
  }

  private Optional<Limit> resolve(Located<String> name, Optional<Block> costly, boolean open) {
    Optional<Limit> found = limits.resolve(name);
    if (open && found.map(Limit::key).map(Limit.Key::needsCaller).orElse(false)) {
      findings.add(
          name.at(),
          ProblemCode.LIMIT_WITHOUT_CALLER,
          "limit '" + name.value() + "' is kept per caller, token or claim; auth: none has none",
          "limits with a key of address, route or header:NAME",
          "use another limit, or set auth: { issuer: NAME }");
    }
    return found.map(limit -> costly.map(use -> atItsCost(use, limit)).orElse(limit));
  }

  private Limit atItsCost(Block use, Limit limit) {
    Cost cost = CostReader.read(use, limit.cost());
    if (use.has("cost")) {
      CostReader.check(use, cost, limit, findings);
    }
    return limit.withCost(cost);
  }
}
