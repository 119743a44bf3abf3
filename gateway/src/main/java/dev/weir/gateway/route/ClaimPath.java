package dev.weir.gateway.route;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a token has a claim: a name, or names one inside the other.
 *
 * @param steps at least one
 */
public record ClaimPath(List<String> steps) {

  /** Copies the steps. */
  public ClaimPath {
    steps = List.copyOf(steps);
  }

  /** Returns the claim of this name. */
  public static ClaimPath name(String name) {
    return new ClaimPath(List.of(name));
  }

  /** Reads a JSON Pointer (RFC 6901) where the text begins with a slash, else a plain name. */
  public static ClaimPath of(String text) {
    if (!text.startsWith("/")) {
      return name(text);
    }
    List<String> steps = new ArrayList<>();
    for (String step : text.substring(1).split("/", -1)) {
      steps.add(step.replace("~1", "/").replace("~0", "~"));
    }
    return new ClaimPath(steps);
  }
}
