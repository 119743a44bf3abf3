package dev.weir.jmh.run;

import java.time.Duration;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long to measure.
 *
 * @param rounds of the scaling benches, each in JVMs of its own
 */
public record Pace(int forks, int warmups, int iterations, Duration iteration, int rounds) {
  /** A whole request has a hundred times the code of one decision to be compiled. */
  private static final String SLOW_TO_WARM = "PathBench";

  private static final int SLOWER = 6;

  private static final int MOMENTS = 5;

  /** Two minutes for all: shows what is grossly wrong. */
  public static final Pace QUICK = new Pace(1, 2, 3, Duration.ofMillis(150), 1);

  /** A quarter of an hour for all: figures to write down. */
  public static final Pace FULL = new Pace(2, 4, 5, Duration.ofMillis(500), 3);

  ChainedOptionsBuilder cost(ChainedOptionsBuilder options, String bench) {
    return options
        .forks(forks)
        .warmupIterations(bench.contains(SLOW_TO_WARM) ? warmups * SLOWER : warmups)
        .warmupTime(TimeValue.milliseconds(iteration.toMillis()))
        .measurementIterations(iterations)
        .measurementTime(TimeValue.milliseconds(iteration.toMillis()));
  }

  /** The same time in moments a fifth as long, of which some will be quiet. */
  ChainedOptionsBuilder scaling(ChainedOptionsBuilder options, String bench) {
    return cost(options, bench)
        .forks(1)
        .measurementIterations(iterations * MOMENTS)
        .measurementTime(TimeValue.milliseconds(iteration.toMillis() / MOMENTS));
  }
}
