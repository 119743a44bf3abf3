package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Forwarder;
import dev.weir.gateway.route.Route;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Builds the line of each route, in the order of {@link Stage}. */
public final class PlanBuilder {
  private final EnumMap<Stage, StageFactory> factories;
  private final Function<Route, Forwarder> forwarders;

  /** Uses these stages, whatever order they are given in. */
  public PlanBuilder(Map<Stage, StageFactory> factories, Function<Route, Forwarder> forwarders) {
    this.factories = new EnumMap<>(factories);
    this.forwarders = forwarders;
  }

  RoutePlan build(Route route) {
    List<Stage> stages = new ArrayList<>();
    List<Enforcer> enforcers = new ArrayList<>();
    // An EnumMap iterates in the order of its enum: that is the whole ordering mechanism.
    factories.forEach(
        (stage, factory) ->
            factory
                .enforcerFor(route)
                .ifPresent(
                    enforcer -> {
                      stages.add(stage);
                      enforcers.add(enforcer);
                    }));
    return new RoutePlan(
        List.copyOf(stages), enforcers.toArray(Enforcer[]::new), forwarders.apply(route));
  }
}
