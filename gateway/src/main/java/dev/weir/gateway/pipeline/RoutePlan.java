package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Forwarder;
import java.util.List;

/**
 * A route's line: its enforcers in order, and its end. A stage without a policy on the route is not
 * in it, so an absent feature costs nothing.
 *
 * @param stages what stands at each place, for tests and the management view
 */
public record RoutePlan(List<Stage> stages, Enforcer[] enforcers, Forwarder forwarder) {}
