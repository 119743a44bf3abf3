package dev.weir.gateway.routefile;

import dev.weir.gateway.route.RetryPolicy;
import dev.weir.gateway.route.Source;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How long a route waits and how often it tries: three keys that only make sense together. */
record Timing(Duration deadline, Duration attemptTimeout, RetryPolicy retry) {
  private static final Duration DEADLINE = Duration.ofSeconds(15);

  /** What comes with an Idempotency-Key has a body, as a rule. */
  private static final int KEYED_BODY = 64 << 10;

  private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS");

  /** Reads the three keys of a route and notes where they contradict each other. */
  static Timing read(Block route, Findings findings) {
    Optional<Located<Duration>> deadline = route.value("deadline", Grammar.CALL_TIME);
    Optional<Located<Duration>> attempt = route.value("attempt-timeout", Grammar.CALL_TIME);
    Optional<Block> block = route.block("retry", Shape.RETRY);
    Optional<Located<Integer>> attempts = block.flatMap(Timing::attempts);
    Duration whole = deadline.map(Located::value).orElse(DEADLINE);
    Duration single = attempt.map(Located::value).orElse(whole);
    RetryPolicy retry =
        block.flatMap(written -> retry(written, attempts)).orElse(RetryPolicy.NEVER);
    Timing timing = new Timing(whole, single, retry);
    boolean sound =
        route.has("deadline") == deadline.isPresent()
            && route.has("attempt-timeout") == attempt.isPresent();
    if (sound) {
      attempt.ifPresent(written -> timing.checkAttempt(written.at(), findings));
      attempts.ifPresent(written -> timing.checkRetry(written.at(), findings));
    }
    return timing;
  }

  private static Optional<Located<Integer>> attempts(Block retry) {
    return retry.value("attempts", Grammar.ATTEMPTS);
  }

  /** Reads every key, so that each mistake is told of, whatever else is missing. */
  private static Optional<RetryPolicy> retry(Block block, Optional<Located<Integer>> attempts) {
    Set<RetryPolicy.Cause> causes = causes(block);
    Duration backOff =
        block.value("backoff", Grammar.BACK_OFF).map(Located::value).orElse(RetryPolicy.BACK_OFF);
    boolean byKey =
        block.value("idempotency-key", Grammar.YES_OR_NO).map(Located::value).orElse(false);
    int body =
        block
            .value("body", Grammar.KEPT_BODY)
            .map(size -> Math.toIntExact(size.value()))
            .orElse(byKey ? KEYED_BODY : 0);
    return attempts.map(number -> new RetryPolicy(number.value(), causes, backOff, byKey, body));
  }

  private static Set<RetryPolicy.Cause> causes(Block retry) {
    List<Located<RetryPolicy.Cause>> written = retry.list("on", Grammar.CAUSE, Grammar.MOST_WORDS);
    Set<RetryPolicy.Cause> causes = new LinkedHashSet<>();
    written.forEach(cause -> causes.add(cause.value()));
    return causes;
  }

  private void checkAttempt(Source at, Findings findings) {
    if (attemptTimeout.compareTo(deadline) > 0) {
      findings.add(
          at,
          ProblemCode.ATTEMPT_OUTLASTS_DEADLINE,
          "attempt-timeout %s is longer than the deadline of %s"
              .formatted(DurationFormat.text(attemptTimeout), DurationFormat.text(deadline)),
          "at most the deadline",
          "write at most " + DurationFormat.text(deadline) + ", or a longer deadline");
    }
  }

  private void checkRetry(Source at, Findings findings) {
    Duration all = attemptTimeout.multipliedBy(retry.attempts());
    if (all.compareTo(deadline) > 0
        && attemptTimeout.compareTo(deadline) <= 0
        && retry.attempts() > 1) {
      findings.add(
          at,
          ProblemCode.RETRY_OUTLASTS_DEADLINE,
          "%d attempts of %s do not fit into the deadline of %s"
              .formatted(
                  retry.attempts(),
                  DurationFormat.text(attemptTimeout),
                  DurationFormat.text(deadline)),
          "attempts x attempt-timeout within the deadline",
          "write attempt-timeout: "
              + DurationFormat.text(deadline.dividedBy(retry.attempts()))
              + " or less");
    }
  }

  /** Notes a retry that can never happen: what is not idempotent is repeated on connect only. */
  void checkEffect(Block route, Set<String> methods, Findings findings) {
    boolean repeatable =
        retry.idempotencyKey()
            || methods.isEmpty()
            || methods.stream().anyMatch(IDEMPOTENT::contains);
    boolean idle = !repeatable && !retry.on().contains(RetryPolicy.Cause.CONNECT);
    if (retry.attempts() > 1 && !retry.on().isEmpty() && idle) {
      findings.add(
          route.at("retry"),
          ProblemCode.RETRY_WITHOUT_EFFECT,
          "no method of the route is idempotent, so the retry never happens",
          "connect among the causes, an idempotent method, or idempotency-key",
          "add connect, or idempotency-key: true, or remove the key");
    }
  }
}
