package dev.weir.bench.ceiling;

import java.util.Comparator;
import java.util.List;

/**
 * What the evidence says.
 *
 * @param whole the caller's run that came closest to what it may
 * @param fullest the interval, of any caller, that came closest
 * @param bunched how far the arrivals of a caller alone ran above its bucket
 * @param use of the limit while more was offered
 * @param travelNanos from sending to arrival, of all that passed; sorted
 */
record Verdict(
    Ceiling.Interval whole,
    Ceiling.Interval fullest,
    long bunched,
    Ceiling.Use use,
    long[] travelNanos) {
  /** What part of the limit must be usable. */
  static final double SHARE_GOAL = 0.95;

  private static final Comparator<Ceiling.Interval> BY_ROOM =
      Comparator.comparingLong(interval -> interval.most() - interval.passed());

  static Verdict of(Evidence evidence) {
    var options = evidence.options();
    var ceiling = new Ceiling(options.bucket());
    var callers = evidence.callers();
    return new Verdict(
        callers.stream().map(ceiling::whole).min(BY_ROOM).orElse(Ceiling.Interval.NONE),
        callers.stream().map(ceiling::fullest).min(BY_ROOM).orElse(Ceiling.Interval.NONE),
        callers.stream().mapToLong(ceiling::bunched).max().orElse(0),
        use(evidence, ceiling, callers),
        Ceiling.travel(callers));
  }

  private static Ceiling.Use use(Evidence evidence, Ceiling ceiling, List<Passed> callers) {
    var options = evidence.options();
    var sum = new Ceiling.Use(0, 0);
    for (var phase : Phase.plan(options)) {
      if (phase.exceeds(options)) {
        long from = evidence.beginNanos() + phase.fromNanos(options);
        long to = evidence.beginNanos() + phase.toNanos(options);
        for (int i = 0; i < callers.size(); i++) {
          sum = sum.and(ceiling.use(callers.get(i), evidence.offered().of(i), from, to));
        }
      }
    }
    return sum;
  }

  boolean ceilingHolds() {
    return whole.holds() && fullest.holds();
  }

  boolean shareIsUsed() {
    return use.share() >= SHARE_GOAL;
  }

  boolean isGood() {
    return ceilingHolds() && shareIsUsed();
  }
}
