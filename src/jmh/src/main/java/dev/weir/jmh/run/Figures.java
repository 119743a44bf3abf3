package dev.weir.jmh.run;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * What one bench found.
 *
 * @param name {@code package Class.method}, with its parameters
 * @param nanos of an operation on one thread, over all iterations of all forks
 * @param bytes allocated by an operation, or NaN where the profiler said nothing
 */
record Figures(String name, Spread nanos, double bytes) {
  private static final String ROOT = "dev.weir.";

  static Figures of(RunResult result) {
    List<Double> nanos = new ArrayList<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      fork.getIterationResults()
          .forEach(iteration -> nanos.add(iteration.getPrimaryResult().getScore()));
    }
    Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return new Figures(
        name(result.getParams()),
        Spread.of(nanos),
        allocated == null ? Double.NaN : allocated.getScore());
  }

  private static String name(BenchmarkParams params) {
    String bench = params.getBenchmark();
    int method = bench.lastIndexOf('.');
    int type = bench.lastIndexOf('.', method - 1);
    StringBuilder name = new StringBuilder(bench.substring(type + 1));
    for (String parameter : params.getParamsKeys()) {
      name.append(' ').append(params.getParam(parameter));
    }
    return name.toString();
  }

  static String shortened(String bench) {
    return bench.startsWith(ROOT) ? bench.substring(ROOT.length()) : bench;
  }
}
