package dev.weir.gateway.routefile;

import dev.weir.gateway.route.Source;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

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
      if (key.required() && absent) {
        noteMissing(key, at);
      }
    }
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
        shape.title() + " with '" + key.name() + "'",
        "add " + key.example());
  }
}
