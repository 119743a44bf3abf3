package dev.weir.drills.report;

import java.util.List;

/** What a drill found: PASS where every criterion held, and there was one. */
public record Verdict(String drill, List<Criterion> criteria, List<String> notes) {

  public Verdict {
    criteria = List.copyOf(criteria);
    notes = List.copyOf(notes);
  }

  /** Returns whether every criterion held. */
  public boolean passed() {
    return !criteria.isEmpty() && criteria.stream().allMatch(Criterion::held);
  }

  /** Returns it for a person. */
  public String text() {
    var text = new StringBuilder();
    text.append("%n%-54s %-22s %-18s%n".formatted("", "seen", "asked"));
    for (var criterion : criteria) {
      text.append(
          "%-54s %-22s %-18s %s%n"
              .formatted(
                  criterion.name(),
                  criterion.seen(),
                  criterion.bound(),
                  criterion.held() ? "held" : "MISSED"));
    }
    notes.forEach(note -> text.append(note).append('\n'));
    return text.append("%n%s: %s%n".formatted(passed() ? "PASS" : "FAIL", drill)).toString();
  }
}
