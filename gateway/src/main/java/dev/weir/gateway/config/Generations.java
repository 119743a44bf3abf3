package dev.weir.gateway.config;

import dev.weir.gateway.control.GenerationFactory;
import dev.weir.gateway.host.UnusableFiltersException;
import dev.weir.gateway.jwt.KeySets;
import dev.weir.gateway.observe.RequestDurations;
import dev.weir.gateway.pipeline.Generation;
import dev.weir.gateway.pipeline.PlanBuilder;
import dev.weir.gateway.resilience.Breakers;
import dev.weir.gateway.route.RouteTable;
import dev.weir.gateway.route.Source;
import dev.weir.gateway.route.Upstream;
import dev.weir.gateway.routefile.Problem;
import dev.weir.gateway.routefile.ProblemCode;
import dev.weir.gateway.routefile.Severity;
import dev.weir.gateway.stale.StaleAnswers;
import dev.weir.gateway.upstream.Upkeep;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Builds generations from what the process has, and trims that to what the serving one uses. */
record Generations(
    Path file,
    PlanBuilder plans,
    KeySets keys,
    Breakers breakers,
    Upkeep upkeep,
    StaleAnswers staleAnswers,
    MeterRegistry meters,
    RequestDurations durations)
    implements GenerationFactory {
  private static final Duration FIRST_KEYS = Duration.ofSeconds(1);

  /** As long may a new generation wait for addresses that only DNS knows. */
  private static final Duration FIRST_ADDRESSES = Duration.ofSeconds(1);

  @Override
  public Outcome create(long number, RouteTable table) {
    try {
      Generation generation = Generation.build(number, table, plans, meters, durations);
      upkeep.locate(Set.copyOf(table.upstreams()), FIRST_ADDRESSES);
      return new Outcome.Created(generation);
    } catch (UnusableFiltersException e) {
      return new Outcome.Failed(List.of(problem(e)));
    }
  }

  private Problem problem(UnusableFiltersException e) {
    Source source = e.route().source();
    return new Problem(
        file.toString(),
        source.line(),
        source.column(),
        Severity.ERROR,
        ProblemCode.FILTER_REFUSED,
        "route '" + e.route().id() + "': " + e.getMessage(),
        "Spring Cloud Gateway's filters and those of installed plug-ins, with the arguments they take",
        "correct the name or the arguments under filters");
  }

  @Override
  public void retire(Generation serving) {
    Set<Upstream> live = new HashSet<>(serving.table().upstreams());
    breakers.retain(live);
    staleAnswers.retain(serving.table().routes());
    upkeep.follow(live);
    var _ = keys.retain(new HashSet<>(serving.table().issuers())).subscribe();
  }

  /**
   * Looks after what the first generation uses, and waits a little for its keys: a gateway that
   * opens without them answers 503 for nothing.
   */
  void begin(Generation first) {
    upkeep.follow(Set.copyOf(first.table().upstreams()));
    keys.retain(new HashSet<>(first.table().issuers()))
        .timeout(FIRST_KEYS)
        .onErrorComplete()
        .block();
  }
}
