package dev.weir.gateway.control;

import dev.weir.gateway.pipeline.Generation;
import dev.weir.gateway.pipeline.Stage;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.PriorityRule;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.routefile.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code GET /routes} on the management port answers: the serving table and the last reload.
 */
@org.springframework.boot.actuate.endpoint.annotation.Endpoint(id = "routes")
public final class RoutesEndpoint {
  private final RouteControl control;

  /** Shows the state of this control. */
  public RoutesEndpoint(RouteControl control) {
    this.control = control;
  }

  /** Returns the view as JSON-like maps. */
  @org.springframework.boot.actuate.endpoint.annotation.ReadOperation
  public Map<String, Object> routes() {
    RouteControl.State state = control.state();
    Generation serving = state.serving();
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("generation", serving.number());
    view.put("revision", serving.table().revision());
    view.put("reloadOk", state.problems().isEmpty());
    view.put("problems", state.problems().stream().map(Problem::text).toList());
    List<Map<String, Object>> routes = new ArrayList<>();
    for (int i = 0; i < serving.table().routes().size(); i++) {
      routes.add(view(serving.table().routes().get(i), serving.stages(i)));
    }
    view.put("routes", routes);
    return view;
  }

  private static Map<String, Object> view(Route route, List<Stage> stages) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("id", route.id());
    view.put("source", route.source().toString());
    view.put("host", route.match().host().orElse("*"));
    view.put("path", route.match().path().text());
    view.put("methods", new TreeSet<>(route.match().methods()));
    view.put("priority", priority(route.priority()));
    view.put("upstream", route.upstream().name());
    view.put("endpoints", route.upstream().endpoints().stream().map(Endpoint::authority).toList());
    route.upstream().service().ifPresent(service -> view.put("srv", service.name()));
    view.put("limits", route.limits().stream().map(Limit::name).toList());
    view.put(
        "shadowLimits",
        route.limits().stream()
            .filter(limit -> limit.mode() == Limit.Mode.SHADOW)
            .map(Limit::name)
            .toList());
    view.put("stages", stages.stream().map(Stage::name).toList());
    view.put("filters", route.filters());
    return view;
  }

  private static Object priority(PriorityRule rule) {
    if (!rule.isByClaim()) {
      return rule.usual().label();
    }
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("claim", rule.claim());
    Map<String, String> classes = new TreeMap<>();
    rule.classes().forEach((value, priority) -> classes.put(value, priority.label()));
    view.put("classes", classes);
    view.put("otherwise", rule.usual().label());
    return view;
  }
}
