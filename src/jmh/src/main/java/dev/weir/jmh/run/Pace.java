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
  /** Two minutes for all: shows what is grossly wrong. */
  public static final Pace QUICK = new Pace(1, 2, 3, Duration.ofMillis(250), 1);

  /** Ten to fifteen minutes for all: figures to write down. */
  public static final Pace FULL = new Pace(2, 3, 5, Duration.ofSeconds(1), 5);

  ChainedOptionsBuilder cost(ChainedOptionsBuilder options) {
    return steps(options).forks(forks);
  }

  ChainedOptionsBuilder scaling(ChainedOptionsBuilder options) {
    return steps(options).forks(1);
  }

  private ChainedOptionsBuilder steps(ChainedOptionsBuilder options) {
    return options
        .warmupIterations(warmups)
        .warmupTime(TimeValue.milliseconds(iteration.toMillis()))
        .measurementIterations(iterations)
        .measurementTime(TimeValue.milliseconds(iteration.toMillis()));
  }
}
