package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Found;
import dev.weir.gateway.route.PathPattern;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.RouteTable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Looks for guards that a slash gets around. To the gateway {@code /admin/} is another path than
 * {@code /admin}; many frameworks behind it serve both alike. Where the one is guarded and the
 * other falls to a route of the same upstream that asks for less, the guard is worth nothing.
 */
final class SlashGaps {
  private static final List<String> EVERY_METHOD = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

  private SlashGaps() {}

  /** Notes every guarded path with such a gap. */
  static void note(RouteTable table, Findings findings) {
    for (Route route : table.routes()) {
      PathPattern path = route.match().path();
      if (!path.openEnded() && !path.text().endsWith("/")) {
        weaker(table, route).ifPresent(other -> note(route, other, findings));
      }
    }
  }

  private static Optional<Route> weaker(RouteTable table, Route route) {
    Collection<String> methods =
        route.match().methods().isEmpty() ? EVERY_METHOD : route.match().methods();
    String host = route.match().host().orElse("");
    // A pattern is a path that its own free segments take, and no literal of another route does.
    String path = route.match().path().text().concat("/");
    return methods.stream()
        .sorted()
        .map(method -> table.find(host, method, path))
        .filter(Found.Hit.class::isInstance)
        .map(found -> ((Found.Hit) found).route())
        .filter(other -> other.upstream().equals(route.upstream()))
        .filter(other -> asksForLess(other.authentication(), route.authentication()))
        .findFirst();
  }

  private static boolean asksForLess(Authentication other, Authentication guard) {
    return switch (guard) {
      case Authentication.Open() -> false;
      case Authentication.Jwt(var ignored, var roles, var scopes, var stepUp) ->
          switch (other) {
            case Authentication.Open() -> true;
            case Authentication.Jwt(
                    var alike,
                    var otherRoles,
                    var otherScopes,
                    var otherStepUp) -> {
              // One of the roles is enough, so more of them let more callers in.
              boolean moreRoles =
                  !roles.isEmpty() && (otherRoles.isEmpty() || !roles.containsAll(otherRoles));
              yield moreRoles
                  || !otherScopes.containsAll(scopes)
                  || otherStepUp.asksForLessThan(stepUp);
            }
          };
    };
  }

  private static void note(Route route, Route other, Findings findings) {
    String path = TextFormat.shortened(route.match().path().text());
    findings.add(
        route.source(),
        ProblemCode.UNGUARDED_SLASH,
        "%s/ falls to route '%s' at line %d, which asks for less than %s; many upstreams serve both alike"
            .formatted(path, other.id(), other.source().line(), path),
        "the same auth with and without a slash at the end",
        "write path: " + path + "/**, or add a route for " + path + "/");
  }
}
