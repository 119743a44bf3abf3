package dev.weir.bench.report;

import java.util.ArrayList;
import java.util.List;

/** All that a run found, in the order it was found. */
public final class Results {
  private final List<ClosedSample> closed = new ArrayList<>();
  private final List<OpenSample> open = new ArrayList<>();
  private final List<SideSample> side = new ArrayList<>();
  private final List<Presence> presences = new ArrayList<>();
  private final List<Exclusion> exclusions = new ArrayList<>();
  private final List<String> leaks = new ArrayList<>();

  public void add(ClosedSample sample) {
    closed.add(sample);
  }

  public void add(OpenSample sample) {
    open.add(sample);
  }

  public void add(SideSample sample) {
    side.add(sample);
  }

  public void add(Presence presence) {
    presences.add(presence);
  }

  public void add(Exclusion exclusion) {
    exclusions.add(exclusion);
  }

  /** Adds lines that tell of lost buffers. */
  public void addLeaks(List<String> lines) {
    leaks.addAll(lines);
  }

  List<ClosedSample> closed() {
    return closed;
  }

  List<OpenSample> open() {
    return open;
  }

  List<SideSample> side() {
    return side;
  }

  List<Presence> presences() {
    return presences;
  }

  List<Exclusion> exclusions() {
    return exclusions;
  }

  /** Every sample that does not count, as a line each. */
  public List<String> faults() {
    var faults = new ArrayList<String>();
    for (var sample : closed) {
      var contender = sample.contender() + ", closed loop";
      sample
          .fault()
          .ifPresent(fault -> faults.add(line(sample.mode(), sample.protocol(), contender, fault)));
    }
    for (var sample : open) {
      var contender = sample.contender() + ", open loop";
      sample
          .fault()
          .ifPresent(fault -> faults.add(line(sample.mode(), sample.protocol(), contender, fault)));
    }
    for (var sample : side) {
      sample
          .fault()
          .ifPresent(
              fault -> faults.add(line(sample.group(), sample.protocol(), sample.cell(), fault)));
    }
    leaks.forEach(leak -> faults.add("weir lost a buffer: " + leak));
    return List.copyOf(faults);
  }

  private static String line(String group, String protocol, String cell, String fault) {
    return "%s, %s, %s: %s".formatted(group, protocol, cell, fault);
  }
}
