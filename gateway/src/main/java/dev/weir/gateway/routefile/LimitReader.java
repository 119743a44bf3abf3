package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.Limit;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads one limit. */
final class LimitReader {
  // Never served: a bad rate has broken the file. With it the routes' use of the key is checked
  // too.
  private static final RateFormat.Rate UNKNOWN = new RateFormat.Rate(1, Duration.ofSeconds(1));

  private final Findings findings;

  LimitReader(Findings findings) {
    this.findings = findings;
  }

  /** Returns the limit, unless it is unknown whose requests share a bucket. */
  Optional<Limit> read(String name, Block block) {
    Optional<Limit.Key> key = key(block);
    Optional<Located<RateFormat.Rate>> rate = block.value("rate", Grammar.RATE);
    Optional<Located<Integer>> burst = block.value("burst", Grammar.BURST);
    Limit.OnRedisLoss onRedisLoss =
        block
            .value("on-redis-loss", Grammar.ON_REDIS_LOSS)
            .map(Located::value)
            .orElse(Limit.OnRedisLoss.LOCAL);
    Cost cost = CostReader.read(block, Cost.ONE);
    Limit.Mode mode =
        block.value("mode", Grammar.MODE).map(Located::value).orElse(Limit.Mode.ENFORCE);
    boolean legacyFields =
        block.value("legacy-fields", Grammar.YES_OR_NO).map(Located::value).orElse(false);
    RateFormat.Rate flow = rate.map(Located::value).orElse(UNKNOWN);
    Optional<Limit> limit =
        key.map(
            whose ->
                new Limit(
                    name,
                    whose,
                    flow.tokens(),
                    flow.window(),
                    burst.map(Located::value).orElse(flow.tokens()),
                    onRedisLoss,
                    cost,
                    mode,
                    legacyFields));
    if (rate.isPresent() && block.has("burst") == burst.isPresent()) {
      // Else what it holds is unknown, so comparing it would invent a problem.
      limit.ifPresent(sound -> CostReader.check(block, sound.cost(), sound, findings));
    }
    return limit;
  }

  private Optional<Limit.Key> key(Block block) {
    List<KeyPart> parts = parts(block);
    int ipv4 = prefix(block, "ipv4-prefix", Grammar.IPV4_PREFIX, Limit.Key.IPV4_PREFIX, parts);
    int ipv6 = prefix(block, "ipv6-prefix", Grammar.IPV6_PREFIX, Limit.Key.IPV6_PREFIX, parts);
    return parts.isEmpty() ? Optional.empty() : Optional.of(new Limit.Key(parts, ipv4, ipv6));
  }

  /** One part, or a list of some. */
  private static List<KeyPart> parts(Block block) {
    Optional<Node> node = block.node("key");
    if (node.isEmpty()) {
      return List.of();
    }
    return node.get() instanceof SequenceNode
        ? block.list("key", Grammar.KEY_PART, Grammar.MOST_KEY_PARTS).stream()
            .map(Located::value)
            .toList()
        : block.value("key", Grammar.KEY_PART).map(Located::value).stream().toList();
  }

  private int prefix(
      Block block, String name, Format<Integer> format, int usual, List<KeyPart> parts) {
    Optional<Located<Integer>> written = block.value(name, format);
    boolean matters =
        parts.isEmpty()
            || parts.contains(KeyPart.Plain.ADDRESS)
            || parts.stream().anyMatch(KeyPart.Header.class::isInstance);
    if (written.isPresent() && !matters) {
      findings.add(
          block.at(name),
          ProblemCode.BAD_VALUE,
          name + " does nothing: the key looks at no address",
          name + " beside a key of address or header:NAME",
          "remove it");
    }
    return written.map(Located::value).orElse(usual);
  }
}
