package dev.weir.auth.exchange;

import static org.springframework.web.reactive.function.server.RequestPredicates.all;
import static org.springframework.web.reactive.function.server.RequestPredicates.methods;
import static org.springframework.web.reactive.function.server.RequestPredicates.path;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import dev.weir.auth.problem.Refused;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** Turns the endpoints of all flows into one router that also answers 405 with Allow, and 404. */
public final class Endpoints {
  private Endpoints() {}

  public static RouterFunction<ServerResponse> router(
      List<Endpoint> endpoints, ProblemBoundary boundary) {
    var routes = RouterFunctions.route();
    for (var endpoint : endpoints) {
      routes.route(
          methods(endpoint.methods().toArray(HttpMethod[]::new)).and(path(endpoint.pattern())),
          marked(endpoint, endpoint.handler()));
    }
    allowed(endpoints)
        .forEach(
            (pattern, allow) ->
                routes.route(path(pattern), request -> Mono.error(methodNotAllowed(allow))));
    routes.route(all(), request -> Mono.error(Refused.of(AuthError.NOT_FOUND)));
    return routes.filter(boundary).build();
  }

  private static HandlerFunction<ServerResponse> marked(
      Endpoint endpoint, HandlerFunction<ServerResponse> handler) {
    return request -> {
      RequestFacts.of(request.exchange()).matched(endpoint);
      return handler.handle(request);
    };
  }

  private static Map<String, String> allowed(List<Endpoint> endpoints) {
    return endpoints.stream()
        .collect(
            Collectors.groupingBy(
                Endpoint::pattern,
                LinkedHashMap::new,
                Collectors.flatMapping(
                    e -> e.methods().stream().map(HttpMethod::name), Collectors.joining(", "))));
  }

  private static Refused methodNotAllowed(String allow) {
    return Problem.of(AuthError.METHOD_NOT_ALLOWED).withHeader("Allow", allow).refuse();
  }
}
