package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.EjectionPolicy;
import dev.weir.gateway.route.HealthCheck;
import dev.weir.gateway.route.Selection;
import java.time.Duration;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;

/** Reads which of an upstream's endpoints a request goes to. */
final class SelectionReader {
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final int UNHEALTHY_AFTER = 3;
  private static final int HEALTHY_AFTER = 2;

  private final Findings findings;

  SelectionReader(Findings findings) {
    this.findings = findings;
  }

  /** Reads the keys of an upstream that say so; what is absent or broken is as if not written. */
  Selection read(Block upstream) {
    Selection standard = Selection.STANDARD;
    return new Selection(
        balance(upstream),
        upstream.block("health", Shape.HEALTH).flatMap(this::health),
        upstream.block("ejection", Shape.EJECTION).map(this::ejection).orElse(standard.ejection()),
        upstream
            .value("slow-start", Grammar.SLOW_START)
            .map(Located::value)
            .orElse(standard.slowStart()));
  }

  private EjectionPolicy ejection(Block block) {
    EjectionPolicy standard = EjectionPolicy.STANDARD;
    Duration first =
        block.value("eject-for", Grammar.EJECT_FOR).map(Located::value).orElse(standard.ejectFor());
    return new EjectionPolicy(
        block
            .value("consecutive-failures", Grammar.FAILURES)
            .map(Located::value)
            .orElse(standard.consecutiveFailures()),
        first,
        longest(block, first),
        block
            .value("max-ejected", Grammar.RATIO)
            .map(Located::value)
            .orElse(standard.maxEjected()));
  }

  /** Keeps the default above a first time that is longer than it. */
  private Duration longest(Block block, Duration first) {
    Optional<Located<Duration>> written = block.value("max-eject-for", Grammar.MAX_EJECT_FOR);
    Duration longest = written.map(Located::value).orElse(EjectionPolicy.STANDARD.maxEjectFor());
    if (longest.compareTo(first) >= 0) {
      return longest;
    }
    if (written.isPresent()) {
      findings.add(
          written.get().at(),
          ProblemCode.OUT_OF_BOUNDS,
          "max-eject-for %s is shorter than eject-for, which is %s"
              .formatted(DurationFormat.text(longest), DurationFormat.text(first)),
          "at least eject-for",
          "write at least " + DurationFormat.text(first) + ", or a shorter eject-for");
    }
    return first;
  }

  private static Balance balance(Block upstream) {
    if (upstream.holds("balance", MappingNode.class)) {
      return upstream
          .block("balance", Shape.BALANCE)
          .flatMap(block -> block.value("hash", Grammar.HASH_KEY))
          .<Balance>map(key -> new Balance.Hash(key.value()))
          .orElse(Balance.STANDARD);
    }
    return upstream.value("balance", Grammar.BALANCE).map(Located::value).orElse(Balance.STANDARD);
  }

  private Optional<HealthCheck> health(Block block) {
    Optional<String> path = block.value("path", Grammar.CHECK_PATH).map(Located::value);
    Duration interval =
        block.value("interval", Grammar.CHECK_INTERVAL).map(Located::value).orElse(INTERVAL);
    Duration timeout = timeout(block, interval);
    int unhealthyAfter =
        block.value("unhealthy-after", Grammar.CHECKS).map(Located::value).orElse(UNHEALTHY_AFTER);
    int healthyAfter =
        block.value("healthy-after", Grammar.CHECKS).map(Located::value).orElse(HEALTHY_AFTER);
    return path.map(
        asked -> new HealthCheck(asked, interval, timeout, unhealthyAfter, healthyAfter));
  }

  /** Keeps the default within an interval that is shorter than it. */
  private Duration timeout(Block block, Duration interval) {
    Optional<Located<Duration>> written = block.value("timeout", Grammar.CHECK_TIMEOUT);
    Duration timeout = written.map(Located::value).orElse(TIMEOUT);
    if (timeout.compareTo(interval) <= 0) {
      return timeout;
    }
    if (written.isPresent()) {
      findings.add(
          written.get().at(),
          ProblemCode.OUT_OF_BOUNDS,
          "timeout %s is longer than the interval of %s"
              .formatted(DurationFormat.text(timeout), DurationFormat.text(interval)),
          "at most the interval",
          "write at most " + DurationFormat.text(interval) + ", or a longer interval");
    }
    return interval;
  }
}
