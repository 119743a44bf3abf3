package dev.weir.auth.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** The document that the service serves, against what it was seen to do. */
record OpenApiDocument(JsonNode document) {
  private static final int METHOD_NOT_ALLOWED = 405;

  /** Asserts that it names every operation, and for each the very statuses that were seen. */
  void describes(Map<String, Set<Integer>> seen) {
    assertThat(document.path("openapi").asString()).isEqualTo("3.1.0");
    var expected = new TreeMap<String, Set<Integer>>();
    seen.forEach((endpoint, statuses) -> expected.put(endpoint, withoutMethodNotAllowed(statuses)));
    assertThat(documented()).isEqualTo(expected);
  }

  /** A 405 is for what is no operation, so no operation has it. */
  private static Set<Integer> withoutMethodNotAllowed(Set<Integer> statuses) {
    var rest = new TreeSet<>(statuses);
    rest.remove(METHOD_NOT_ALLOWED);
    return rest;
  }

  private Map<String, Set<Integer>> documented() {
    var all = new TreeMap<String, Set<Integer>>();
    var paths = document.path("paths");
    for (var path : paths.propertyNames()) {
      for (var method : paths.path(path).propertyNames()) {
        var statuses = new TreeSet<Integer>();
        var responses = paths.path(path).path(method).path("responses");
        responses.propertyNames().forEach(status -> statuses.add(Integer.valueOf(status)));
        all.put(method.toUpperCase(Locale.ROOT) + " " + path, statuses);
      }
    }
    return all;
  }
}
