package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.Limit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** Reads what a request takes of a limit: one number, or one per method. */
final class CostReader {
  private CostReader() {}

  /** Returns the cost; what is not written or is broken is as in the other. */
  static Cost read(Block block, Cost other) {
    Cost known = written(block).map(cost -> cost.reportedIn(other.reportedIn())).orElse(other);
    return block
        .value("cost-from", Grammar.COST_FROM)
        .map(field -> known.reportedIn(Optional.of(field.value())))
        .orElse(known);
  }

  private static Optional<Cost> written(Block block) {
    Optional<Node> node = block.node("cost");
    if (node.isEmpty()) {
      return Optional.empty();
    }
    return node.get() instanceof ScalarNode
        ? block.value("cost", Grammar.COST).map(tokens -> new Cost(tokens.value(), Map.of()))
        : block.block("cost", Shape.COST).map(CostReader::byMethod);
  }

  /** A method that is not written costs one token, but HEAD costs what GET does. */
  private static Cost byMethod(Block block) {
    Map<String, Integer> tokens = new HashMap<>();
    for (String method : Shape.COST.names()) {
      block.value(method, Grammar.COST).ifPresent(cost -> tokens.put(method, cost.value()));
    }
    Integer get = tokens.get("GET");
    if (get != null) {
      tokens.putIfAbsent("HEAD", get);
    }
    return new Cost(1, tokens);
  }

  /** Notes a request that would never pass, or not while others hold tokens ahead. */
  static void check(Block block, Cost cost, Limit limit, Findings findings) {
    if (cost.heaviest() > limit.burst()) {
      findings.add(
          block.at("cost"),
          ProblemCode.COST_ABOVE_BURST,
          "cost %d is more than the burst %d of limit '%s' ever holds"
              .formatted(cost.heaviest(), limit.burst(), limit.name()),
          "at most the burst",
          "write at most " + limit.burst() + ", or a larger burst");
    } else if (2L * cost.heaviest() > limit.burst() && limit.isDrawnAhead()) {
      findings.add(
          block.at("cost"),
          ProblemCode.COST_NEAR_BURST,
          "cost %d is more than half of the burst %d of limit '%s', and gateways may hold the other half ahead"
              .formatted(cost.heaviest(), limit.burst(), limit.name()),
          "at most half of the burst",
          "write burst: " + 2L * cost.heaviest() + " for the limit");
    }
  }
}
