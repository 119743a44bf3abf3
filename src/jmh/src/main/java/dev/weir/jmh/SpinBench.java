package dev.weir.jmh;

import dev.weir.jmh.sample.Expect;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Arithmetic that shares nothing: what a second thread adds here is all that this machine gives a
 * second thread, and the ideal that every other bench is held against.
 */
@State(Scope.Thread)
public class SpinBench {
  private static final int STEPS = 200;

  private long seed = 42;

  /** Draws from a generator of full period, which no compiler can shorten. */
  @Benchmark
  public long spin() {
    long before = seed;
    long value = before;
    for (int i = 0; i < STEPS; i++) {
      value = value * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
    }
    seed = value;
    Expect.that(value != before, "another number");
    return value;
  }
}
