package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.route.Route;
import java.util.Optional;

/** Makes a stage's enforcer for a route, or nothing where the route does not ask for it. */
@FunctionalInterface
public interface StageFactory {

  /** Computes all that depends on the route alone. */
  Optional<Enforcer> enforcerFor(Route route);
}
