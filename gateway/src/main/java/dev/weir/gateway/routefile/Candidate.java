package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Match;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Source;
import java.util.Optional;

/** A route as far as it could be read, so that a broken one is still compared with its peers. */
record Candidate(
    Source at,
    Optional<Located<String>> id,
    Optional<Located<Match>> match,
    Optional<Route> route) {

  /** Returns what messages call it. */
  String title() {
    return id.map(written -> "route '" + written.value() + "'").orElse("the route")
        + " at line "
        + at.line();
  }
}
