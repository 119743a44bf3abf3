package dev.weir.gateway.route;

import dev.weir.gateway.route.PathPattern.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The rules of {@link RouteTable} said once more, slowly: every route is tested, then ranked. */
record NaiveMatcher(List<Route> routes) {

  Found find(String host, String method, String path) {
    List<String> segments = Arrays.asList(path.substring(1).split("/", -1));
    List<Route> onPath =
        routes.stream()
            .filter(route -> route.match().host().map(host::equals).orElse(true))
            .filter(route -> takes(route.match().path(), segments))
            .toList();
    return onPath.stream()
        .filter(route -> taken(route).contains(method) || route.match().methods().isEmpty())
        .min(
            Comparator.comparing((Route route) -> route.match().host().isEmpty())
                .thenComparing(NaiveMatcher::rank)
                .thenComparing(route -> !route.match().methods().contains(method)))
        .<Found>map(route -> new Found.Hit(route, routes.indexOf(route)))
        .orElseGet(() -> refusal(onPath));
  }

  private static Found refusal(List<Route> onPath) {
    Set<String> allowed = new TreeSet<>();
    onPath.forEach(route -> allowed.addAll(taken(route)));
    return allowed.isEmpty() ? new Found.Nothing() : new Found.WrongMethod(allowed);
  }

  private static Set<String> taken(Route route) {
    Set<String> methods = new TreeSet<>(route.match().methods());
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return methods;
  }

  private static boolean takes(PathPattern pattern, List<String> path) {
    List<Segment> segments = pattern.segments();
    if (pattern.openEnded() ? path.size() < segments.size() : path.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < segments.size(); i++) {
      boolean taken =
          switch (segments.get(i)) {
            case Segment.Literal(String text) -> text.equals(path.get(i));
            case Segment.Any ignored -> !path.get(i).isEmpty();
          };
      if (!taken) {
        return false;
      }
    }
    return true;
  }

  /** Sorts the more specific pattern first: a literal is 0, a name 1, an open end 2. */
  private static String rank(Route route) {
    List<String> kinds = new ArrayList<>();
    for (Segment segment : route.match().path().segments()) {
      kinds.add(segment instanceof Segment.Literal ? "0" : "1");
    }
    kinds.add(route.match().path().openEnded() ? "2" : "");
    return String.join("", kinds);
  }
}
