package dev.weir.drills.drill;

import dev.weir.drills.report.Criterion;
import dev.weir.drills.timeline.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Says of each stretch of an overload how much was served, how fast, and who was refused. */
final class OverloadJudge {
  private static final double GOODPUT = 0.95;
  private static final double SLOWER = 2;

  /** The load rises in one step; what it takes to see that is in the picture and not judged. */
  private static final Duration SETTLED = Duration.ofSeconds(2);

  private static final String DEAREST = OverloadDrill.CLASSES.getFirst();

  private final Seen run;
  private final double capacity;
  private final List<Long> cpuNanos;

  /**
   * Reads a run.
   *
   * @param cpuNanos of the contender, at the beginning of each stretch and at the end of the last
   */
  OverloadJudge(Seen run, double capacity, List<Long> cpuNanos) {
    this.run = run;
    this.capacity = capacity;
    this.cpuNanos = List.copyOf(cpuNanos);
  }

  List<Criterion> criteria() {
    var criteria = new ArrayList<Criterion>();
    double unloaded = run.stretch(0, DEAREST, SETTLED).goodMillis(0.99);
    for (int i = 0; i < OverloadDrill.FACTORS.size(); i++) {
      var times = OverloadDrill.FACTORS.get(i) + " times: ";
      criteria.add(
          Criterion.shareAtLeast(
              times + "served, of what it serves at best", GOODPUT, goodput(i + 1) / capacity));
      criteria.add(
          Criterion.millisAtMost(
              times + "p99 of critical, twice unloaded at most",
              SLOWER * unloaded,
              run.stretch(i + 1, DEAREST, SETTLED).goodMillis(0.99)));
      criteria.add(inOrder(times, i + 1));
    }
    criteria.add(
        Criterion.shareAtLeast(
            "afterwards, served of all",
            GOODPUT,
            run.stretch(OverloadDrill.FACTORS.size() + 1, SETTLED).goodShare()));
    criteria.add(Criterion.never("requests that failed in other ways", run.failures()));
    return criteria;
  }

  private double goodput(int stretch) {
    return run.stretch(stretch, SETTLED).goodput();
  }

  private Criterion inOrder(String times, int stretch) {
    var shares = new ArrayList<String>();
    double before = -1;
    boolean held = true;
    for (var name : OverloadDrill.CLASSES) {
      double share = notServed(run.stretch(stretch, name, SETTLED));
      shares.add("%.0f".formatted(100 * share));
      held &= share >= before;
      before = share;
    }
    return new Criterion(
        times + "not served, % of critical, normal, low",
        "in this order",
        String.join(", ", shares),
        held);
  }

  private static double notServed(Figures figures) {
    return figures.sent() == 0 ? 0 : 1 - figures.goodShare();
  }

  /** What CPU a good answer took while unloaded, and what each refusal added beyond that. */
  List<String> notes(String contender) {
    var notes = new ArrayList<String>();
    notes.add("");
    // A JVM that compiles yet is dear: the cheaper of the calm stretches before and after counts.
    double forGood = Math.min(microsOfAnswer(0), microsOfAnswer(OverloadDrill.FACTORS.size() + 1));
    notes.add(
        "%s serves %.0f a second; unloaded an answer takes %.0f us of CPU, critical p99 %.1f ms"
            .formatted(
                contender, capacity, forGood, run.stretch(0, DEAREST, SETTLED).goodMillis(0.99)));
    for (int i = 1; i <= OverloadDrill.FACTORS.size(); i++) {
      var figures = run.stretch(i, Duration.ZERO);
      double left = micros(i) - forGood * figures.good();
      notes.add(
          "%d times: %.0f/s offered, %.0f/s served; %,d refused at %.0f us of CPU each; %,d failed"
              .formatted(
                  OverloadDrill.FACTORS.get(i - 1),
                  figures.sent() / figures.seconds(),
                  figures.goodput(),
                  figures.refused(),
                  Math.max(0, left) / Math.max(1, figures.refused()),
                  figures.failed()));
    }
    return notes;
  }

  private double microsOfAnswer(int stretch) {
    return micros(stretch) / Math.max(1, run.stretch(stretch, Duration.ZERO).good());
  }

  private double micros(int stretch) {
    return (cpuNanos.get(stretch + 1) - cpuNanos.get(stretch)) / 1e3;
  }
}
