package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Match;
import dev.weir.gateway.route.PathPattern;
import dev.weir.gateway.route.PathPattern.Segment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares the routes with each other: ids and requests that two of them claim, and routes that no
 * request can reach. Linear in the number of routes.
 */
final class Overlaps {
  /** Host and path, whatever the free segments are called. */
  private record Place(Optional<String> host, List<String> segments, boolean openEnded) {}

  // No literal segment holds a brace, so this stands for any free one.
  private static final String FREE = "{}";
  private static final String EVERY = "*";

  private final Findings findings;
  private final Map<Place, Map<String, Candidate>> taken = new HashMap<>();

  private Overlaps(Findings findings) {
    this.findings = findings;
  }

  /** Notes every conflict between the routes. */
  static void note(List<Candidate> routes, Findings findings) {
    Overlaps overlaps = new Overlaps(findings);
    overlaps.noteRepeatedIds(routes);
    routes.forEach(route -> route.match().ifPresent(match -> overlaps.claim(route, match)));
    routes.forEach(route -> route.match().ifPresent(match -> overlaps.noteDead(route, match)));
  }

  private void noteRepeatedIds(List<Candidate> routes) {
    Map<String, Candidate> byId = new HashMap<>();
    for (Candidate route : routes) {
      if (route.id().isEmpty()) {
        continue;
      }
      Located<String> id = route.id().get();
      Candidate first = byId.putIfAbsent(id.value(), route);
      if (first != null) {
        findings.add(
            id.at(),
            ProblemCode.DUPLICATE_ID,
            "id '%s' is already that of the route at line %d"
                .formatted(id.value(), first.at().line()),
            "an id of its own for every route",
            "rename one of the two");
      }
    }
  }

  private void claim(Candidate route, Located<Match> match) {
    Map<String, Candidate> claims =
        taken.computeIfAbsent(place(match.value()), ignored -> new LinkedHashMap<>());
    Map<Candidate, List<String>> conflicts = new LinkedHashMap<>();
    for (String method : methods(match.value())) {
      rival(claims, method)
          .ifPresent(rival -> conflicts.computeIfAbsent(rival, r -> new ArrayList<>()).add(method));
      claims.putIfAbsent(method, route);
    }
    conflicts.forEach(
        (rival, methods) ->
            findings.add(
                match.at(),
                ProblemCode.SAME_MATCH,
                "%s takes %s on %s, and so does %s"
                    .formatted(
                        route.title(),
                        methods.contains(EVERY) ? "every method" : String.join(", ", methods),
                        match.value().path().text(),
                        rival.title()),
                "one route for a host, path and method",
                "name different methods, or change one of the paths"));
  }

  private static Optional<Candidate> rival(Map<String, Candidate> claims, String method) {
    Candidate rival = claims.getOrDefault(method, claims.get(EVERY));
    if (rival == null && method.equals(EVERY)) {
      return claims.values().stream().findFirst();
    }
    return Optional.ofNullable(rival);
  }

  /**
   * An open end is dead where more specific patterns take all it could: the path itself, the path
   * with a slash, and everything below. No other pattern can be covered whole.
   */
  private void noteDead(Candidate route, Located<Match> match) {
    Place place = place(match.value());
    if (!place.openEnded()) {
      return;
    }
    List<String> slash = new ArrayList<>(place.segments());
    slash.add("");
    List<String> below = new ArrayList<>(place.segments());
    below.add(FREE);
    List<Place> rest =
        List.of(new Place(place.host(), slash, false), new Place(place.host(), below, true));
    boolean root = place.segments().isEmpty();
    boolean dead =
        (root || covers(new Place(place.host(), place.segments(), false), match.value()))
            && rest.stream().allMatch(other -> covers(other, match.value()));
    if (dead) {
      findings.add(
          match.at(),
          ProblemCode.UNREACHABLE_ROUTE,
          route.title() + " takes nothing: more specific routes take all of its paths",
          "routes that some request can reach",
          "remove it");
    }
  }

  private boolean covers(Place place, Match match) {
    Map<String, Candidate> claims = taken.getOrDefault(place, Map.of());
    return claims.containsKey(EVERY)
        || methods(match).stream().allMatch(method -> claims.containsKey(method));
  }

  private static Set<String> methods(Match match) {
    // Sorted: the order of an immutable set changes from one start of the JVM to the next.
    return match.methods().isEmpty() ? Set.of(EVERY) : new TreeSet<>(match.methods());
  }

  private static Place place(Match match) {
    PathPattern path = match.path();
    List<String> segments = path.segments().stream().map(Overlaps::text).toList();
    return new Place(match.host(), segments, path.openEnded());
  }

  private static String text(Segment segment) {
    return switch (segment) {
      case Segment.Literal(String text) -> text;
      case Segment.Any ignored -> FREE;
    };
  }
}
