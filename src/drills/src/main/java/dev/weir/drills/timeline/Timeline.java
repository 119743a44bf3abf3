package dev.weir.drills.timeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What came of every request of a run, by lane and by the quarter of a second in which it was due.
 *
 * <p>By when it was due and not by when it ended, so that a request that hung for five seconds
 * counts against the moment that made it hang. Written by the clients' event loop, read by whoever
 * tells the progress: locked.
 */
public final class Timeline {
  /** How long a slot is. */
  public static final Duration SLOT = Duration.ofMillis(250);

  private final List<String> lanes;
  private final List<List<Slot>> slots = new ArrayList<>();

  /** Begins with nothing. */
  public Timeline(List<String> lanes) {
    this.lanes = List.copyOf(lanes);
    lanes.forEach(_ -> slots.add(new ArrayList<>()));
  }

  public List<String> lanes() {
    return lanes;
  }

  /**
   * Notes what came of a request.
   *
   * @param due since the run began
   * @param latencyNanos from then to its end
   */
  public synchronized void add(int lane, Duration due, Outcome outcome, long latencyNanos) {
    int slot = (int) due.dividedBy(SLOT);
    var own = slots.get(lane);
    while (own.size() <= slot) {
      own.add(new Slot());
    }
    own.get(slot).add(outcome, latencyNanos);
  }

  /** Returns the number of slots in which anything was due. */
  public synchronized int length() {
    return slots.stream().mapToInt(List::size).max().orElse(0);
  }

  /** Returns the figures of a lane for the slots from the one moment on and before the other. */
  public Figures between(String lane, Duration from, Duration to) {
    return figures(List.of(indexOf(lane)), from, to);
  }

  /** Returns the figures of all lanes together. */
  public Figures between(Duration from, Duration to) {
    return figures(IntStream.range(0, lanes.size()).boxed().toList(), from, to);
  }

  private int indexOf(String lane) {
    int index = lanes.indexOf(lane);
    if (index < 0) {
      throw new IllegalArgumentException("no lane " + lane);
    }
    return index;
  }

  private synchronized Figures figures(List<Integer> chosen, Duration from, Duration to) {
    // Only slots that lie wholly within: a slot in which something broke belongs to neither side.
    int first = (int) from.plus(SLOT).minusNanos(1).dividedBy(SLOT);
    int last = Math.max(first, (int) to.dividedBy(SLOT));
    var within = new ArrayList<Slot>();
    for (int lane : chosen) {
      var own = slots.get(lane);
      within.addAll(own.subList(Math.min(first, own.size()), Math.min(last, own.size())));
    }
    var counts = new HashMap<Outcome, Long>();
    int[] good = new int[within.stream().mapToInt(Slot::good).sum()];
    long slowest = 0;
    int at = 0;
    for (var slot : within) {
      slot.addTo(counts);
      slot.copyGood(good, at);
      at += slot.good();
      slowest = Math.max(slowest, slot.slowestMicros());
    }
    Arrays.sort(good);
    return new Figures(counts, good, slowest, (last - first) * SLOT.toMillis() / 1e3);
  }
}
