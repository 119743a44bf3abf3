package dev.weir.gateway.exchange;

import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Upstream;
import java.util.List;

/** Who wants to know what the upkeep learns of endpoints; called on its event loop. */
public interface EndpointNews {

  /** Tells what the health checks of an endpoint say now, whether that is new or not. */
  void noteHealth(String upstream, Endpoint endpoint, boolean healthy);

  /** Tells where an upstream is from now on. */
  void noteEndpoints(Upstream upstream, List<Endpoint> endpoints);
}
