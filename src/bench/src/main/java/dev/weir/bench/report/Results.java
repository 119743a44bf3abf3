package dev.weir.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All that a run found, in the order it was found. */
public final class Results {
  private final List<ClosedSample> closed = new ArrayList<>();
  private final List<OpenSample> open = new ArrayList<>();
  private final List<Presence> presences = new ArrayList<>();
  private final List<Exclusion> exclusions = new ArrayList<>();

  public void add(ClosedSample sample) {
    closed.add(sample);
  }

  public void add(OpenSample sample) {
    open.add(sample);
  }

  public void add(Presence presence) {
    presences.add(presence);
  }

  public void add(Exclusion exclusion) {
    exclusions.add(exclusion);
  }

  List<ClosedSample> closed() {
    return closed;
  }

  List<OpenSample> open() {
    return open;
  }

  List<Presence> presences() {
    return presences;
  }

  List<Exclusion> exclusions() {
    return exclusions;
  }

  /** Every sample that does not count, as a line each. */
  public List<String> faults() {
    return Stream.concat(
            closed.stream()
                .flatMap(
                    sample ->
                        sample.fault().stream()
                            .map(
                                fault ->
                                    line("closed", sample.mode(), sample.protocol(), sample.contender(), fault))),
            open.stream()
                .flatMap(
                    sample ->
                        sample.fault().stream()
                            .map(
                                fault ->
                                    line("open", sample.mode(), sample.protocol(), sample.contender(), fault))))
        .toList();
  }

  private static String line(
      String loop, String mode, String protocol, String contender, String fault) {
    return "%s %s, %s, %s loop: %s".formatted(mode, protocol, contender, loop, fault);
  }
}
