package dev.weir.jmh.run;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.openjdk.jmh.runner.RunnerException;

/** Measures what was asked for: first what each decision costs, then what a second loop adds. */
public final class Bench {
  private final Measurement measurement;
  private final Pace pace;
  private final Predicate<String> selection;

  /** Prepares; progress goes to its own stream. */
  public Bench(Path home, Arguments arguments, PrintStream progress) {
    this.pace = arguments.pace();
    this.selection = arguments.selection();
    this.measurement = new Measurement(home.resolve("gateway/jvm.options"), pace, progress);
  }

  /** Prints two tables. */
  public void run(PrintStream out) throws UsageException, RunnerException {
    List<String> benches = Measurement.benches().stream().filter(selection).toList();
    if (benches.isEmpty()) {
      throw new UsageException("no bench of that name; there are " + Measurement.benches());
    }
    List<Figures> costs = new ArrayList<>();
    for (String bench : benches) {
      costs.addAll(measurement.cost(bench));
    }
    new CostTable(costs).print(out);
    List<Shared> objects =
        Arrays.stream(Shared.values())
            .filter(object -> object != Shared.CONTROL && selection.test(object.bench()))
            .toList();
    if (!objects.isEmpty()) {
      scale(objects).print(out);
    }
  }

  /** The control stands in every round, as what a machine gives changes by the minute. */
  private ScalingTable scale(List<Shared> objects) throws RunnerException {
    Map<Shared, List<Scaling>> found = new EnumMap<>(Shared.class);
    for (int round = 0; round < pace.rounds(); round++) {
      Scaling ideal = scale(Shared.CONTROL);
      note(found, Shared.CONTROL, ideal);
      for (Shared object : objects) {
        note(found, object, scale(object));
      }
    }
    return new ScalingTable(found);
  }

  private static void note(Map<Shared, List<Scaling>> found, Shared object, Scaling scaling) {
    found.computeIfAbsent(object, added -> new ArrayList<>()).add(scaling);
  }

  private Scaling scale(Shared object) throws RunnerException {
    return new Scaling(measurement.nanos(object.bench(), 1), measurement.nanos(object.bench(), 2));
  }
}
