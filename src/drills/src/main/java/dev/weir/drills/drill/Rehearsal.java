package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.drills.load.Lane;
import dev.weir.drills.load.Load;
import dev.weir.drills.load.Offering;
import dev.weir.drills.timeline.Figures;
import dev.weir.drills.timeline.Mark;
import dev.weir.drills.timeline.Outcome;
import dev.weir.drills.timeline.Timeline;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Puts load on the edge, does each step at its time, and tells each second what clients see. */
final class Rehearsal {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** A cold JVM sheds and is slow; that is not what these drills are about. */
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  private static final int WARM_UP_ROUNDS = 6;

  private static final Duration LONGEST = Duration.ofHours(2);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Load load;
  private final List<Lane> lanes;
  private final PrintStream out;
  private final List<Mark> marks = new ArrayList<>();
  private final List<Duration> ends = new ArrayList<>();
  private final Timeline timeline;
  private Duration length = Duration.ZERO;
  private long beginNanos;
  private long told;

  Rehearsal(Load load, List<Lane> lanes, PrintStream out) {
    this.load = load;
    this.lanes = List.copyOf(lanes);
    this.out = out;
    this.timeline = new Timeline(lanes.stream().map(Lane::name).toList());
  }

  /** Offers the lanes until a round of them shows nothing of a cold start, and forgets it. */
  void warmUp() throws InterruptedException {
    out.println("warming up");
    boolean warm = false;
    for (int round = 1; round <= WARM_UP_ROUNDS && !warm; round++) {
      var unseen = new Timeline(timeline.lanes());
      await(load.offer(lanes, new Offering(unseen, System.nanoTime(), WARM_UP)));
      warm = round > 1 && isCalm(unseen.between(Duration.ZERO, WARM_UP));
    }
  }

  private static boolean isCalm(Figures figures) {
    return figures.failed() == 0
        && figures.of(Outcome.Kind.REFUSED).keySet().stream().noneMatch(it -> it.startsWith("5"));
  }

  /** Runs the steps under load, each at its time. */
  void run(Duration time, List<Step> steps)
      throws IOException, InterruptedException, UnfitException {
    length = time;
    beginNanos = System.nanoTime();
    var offered = load.offer(lanes, new Offering(timeline, beginNanos, time));
    for (var step : steps) {
      waitUntil(Duration.ofNanos((long) (time.toNanos() * step.share())));
      take(step);
    }
    waitUntil(time);
    await(offered);
  }

  /** Runs the steps one after the other under load, which lasts as long as they do. */
  void runThrough(List<Step> steps) throws IOException, InterruptedException, UnfitException {
    beginNanos = System.nanoTime();
    var end = new AtomicBoolean();
    var offered = load.offer(lanes, new Offering(timeline, beginNanos, LONGEST, end::get));
    try {
      waitUntil(SECOND);
      for (var step : steps) {
        take(step);
        waitUntil(elapsed().plus(SECOND));
      }
    } finally {
      end.set(true);
    }
    length = elapsed();
    await(offered);
  }

  /** Reads a meter between stretches. */
  interface Reading {
    void take() throws IOException;
  }

  /** Runs one stretch after the other, each to the last answer of what was due in it. */
  void run(List<Stretch> stretches, Reading reading) throws IOException, InterruptedException {
    beginNanos = System.nanoTime();
    reading.take();
    for (var stretch : stretches) {
      var from = elapsed();
      out.printf("%4d s  %s%n", from.toSeconds(), stretch.label());
      marks.add(new Mark(from, Mark.Kind.STEP, stretch.label()));
      var offering = new Offering(timeline, beginNanos, stretch.length());
      var offered = load.offer(stretch.lanes(), offering);
      waitUntil(from.plus(stretch.length()));
      await(offered);
      reading.take();
      ends.add(from.plus(stretch.length()));
    }
    length = elapsed();
  }

  private void take(Step step) throws IOException, InterruptedException, UnfitException {
    var before = elapsed();
    out.printf("%4d s  %s%n", before.toSeconds(), step.label());
    step.act().run();
    // What is broken is broken from the first moment on, what is mended from the last.
    var at = step.kind() == Mark.Kind.MEND ? elapsed() : before;
    marks.add(new Mark(at, step.kind(), step.label()));
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - beginNanos);
  }

  private void waitUntil(Duration moment) throws InterruptedException {
    while (elapsed().compareTo(moment) < 0) {
      tell();
      var left = moment.minus(elapsed());
      Thread.sleep(left.compareTo(PAUSE) < 0 ? left.isNegative() ? Duration.ZERO : left : PAUSE);
    }
    tell();
  }

  /** Says what came of the second before the last, whose answers are in by now. */
  private void tell() {
    while (told + 2 <= elapsed().toSeconds()) {
      var from = Duration.ofSeconds(told++);
      out.printf("%4d s  %s%n", told, line(timeline.between(from, from.plus(SECOND))));
    }
  }

  private static String line(Figures figures) {
    return "good %5d, p99 %7.1f ms%s%s"
        .formatted(
            figures.good(),
            figures.goodMillis(0.99),
            reasons(", refused: ", figures, Outcome.Kind.REFUSED),
            reasons(", FAILED: ", figures, Outcome.Kind.FAILED));
  }

  private static String reasons(String lead, Figures figures, Outcome.Kind kind) {
    return figures.of(kind).entrySet().stream()
        .map(entry -> entry.getValue() + " x " + entry.getKey())
        .collect(
            Collectors.collectingAndThen(
                Collectors.joining(", "), all -> all.isEmpty() ? "" : lead + all));
  }

  private static void await(Future<Void> offered) throws InterruptedException {
    offered.await();
  }

  /** What was seen so far, and when. */
  Seen seen() {
    return new Seen(timeline, marks, ends, length);
  }
}
