package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Source;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Compares the keys of a mapping with those of its shape. */
record KeyCheck(Shape shape, Map<String, Entries.Entry> entries, Findings findings) {

  /** Notes every unknown key, and every missing one at the mapping's own place. */
  void note(Source at) {
    Set<String> misspelt = new HashSet<>();
    entries.forEach(
        (name, entry) -> {
          if (shape.key(name).isEmpty()) {
            noteUnknown(name, entry.at());
            NearMiss.of(name, shape.names()).ifPresent(misspelt::add);
          }
        });
    for (Shape.Key key : shape.keys()) {
      // A misspelt key is one mistake, not two.
      boolean absent = !entries.containsKey(key.name()) && !misspelt.contains(key.name());
      if (absent && isNeeded(key, misspelt)) {
        noteMissing(key, at);
      }
    }
  }

  private boolean isNeeded(Shape.Key key, Set<String> misspelt) {
    return key.required()
        || (!key.instead().isEmpty()
            && key.instead().stream()
                .noneMatch(other -> entries.containsKey(other) || misspelt.contains(other)));
  }

  private void noteUnknown(String name, Source at) {
    findings.add(
        at,
        ProblemCode.UNKNOWN_KEY,
        "unknown key '" + TextFormat.shortened(name) + "' in " + shape.title(),
        String.join(", ", shape.names()),
        shape.cureFor(name));
  }

  private void noteMissing(Shape.Key key, Source at) {
    findings.add(
        at,
        ProblemCode.MISSING_KEY,
        shape.title() + " has no '" + key.name() + "'",
        shape.title()
            + " with '"
            + key.name()
            + "'"
            + key.instead().stream()
                .map(other -> " or '" + other + "'")
                .collect(Collectors.joining()),
        "add " + key.example());
  }
}
