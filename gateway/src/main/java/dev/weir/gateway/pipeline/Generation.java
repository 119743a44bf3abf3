package dev.weir.gateway.pipeline;

import dev.weir.gateway.observe.RequestDurations;
import dev.weir.gateway.observe.RequestMeters;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.RouteTable;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/**
 * One compiled route table with the lines and meters of its routes. A request keeps the generation
 * it started with, whatever is swapped in meanwhile.
 */
public final class Generation {
  private final long number;
  private final RouteTable table;
  private final RoutePlan[] plans;
  private final RequestMeters meters;

  private Generation(long number, RouteTable table, RoutePlan[] plans, RequestMeters meters) {
    this.number = number;
    this.table = table;
    this.plans = plans;
    this.meters = meters;
  }

  /** Builds the lines of all routes of a table. */
  public static Generation build(
      long number,
      RouteTable table,
      PlanBuilder builder,
      MeterRegistry registry,
      RequestDurations durations) {
    RoutePlan[] plans = table.routes().stream().map(builder::build).toArray(RoutePlan[]::new);
    List<String> ids = table.routes().stream().map(Route::id).toList();
    return new Generation(number, table, plans, new RequestMeters(registry, durations, ids));
  }

  /** Returns the running number, from 1. */
  public long number() {
    return number;
  }

  /** Returns the table. */
  public RouteTable table() {
    return table;
  }

  /** Returns the stages of a route's line, by its place in the table. */
  public List<Stage> stages(int routeIndex) {
    return plans[routeIndex].stages();
  }

  RoutePlan plan(int routeIndex) {
    return plans[routeIndex];
  }

  RequestMeters meters() {
    return meters;
  }
}
