package dev.weir.jmh.run;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures in JVMs that are started as the gateway's is. */
final class Measurement {
  private final Path jvmOptions;
  private final Pace pace;
  private final PrintStream progress;

  /**
   * Prepares.
   *
   * @param jvmOptions the gateway's file of JVM options
   */
  Measurement(Path jvmOptions, Pace pace, PrintStream progress) {
    this.jvmOptions = jvmOptions;
    this.pace = pace;
    this.progress = progress;
  }

  /** Returns the names of all benches. */
  static List<String> benches() {
    return BenchmarkList.defaultList().getAll(new Listener(System.err), List.of()).stream()
        .map(entry -> entry.getUsername())
        .toList();
  }

  /** Measures what an operation costs on one thread. */
  List<Figures> cost(String bench) throws RunnerException {
    return run(pace.cost(options(bench, 1), bench).addProfiler(GCProfiler.class)).stream()
        .map(Figures::of)
        .toList();
  }

  /** Measures how long an operation takes while so many threads do it, in the quietest moment. */
  double nanos(String bench, int threads) throws RunnerException {
    return run(pace.scaling(options(bench, threads), bench)).stream()
        .map(Figures::of)
        .mapToDouble(figures -> figures.nanos().least())
        .max()
        .orElseThrow();
  }

  private ChainedOptionsBuilder options(String bench, int threads) {
    return new OptionsBuilder()
        .include("^" + Pattern.quote(bench) + "$")
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.NANOSECONDS)
        .threads(threads)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT)
        .jvmArgs(
            "@" + jvmOptions,
            "-Djmh.executor=CUSTOM",
            "-Djmh.executor.class=" + LoopThreads.class.getName());
  }

  private Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
    return new Runner(options.build(), new Listener(progress)).run();
  }
}
