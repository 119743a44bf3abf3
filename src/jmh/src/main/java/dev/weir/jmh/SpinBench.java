package dev.weir.jmh;

import dev.weir.jmh.sample.Expect;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Arithmetic that shares nothing: what a second thread adds here is all that this machine gives a
 * second thread. A chain of steps leaves most of a core idle, so two threads of one core do it as
 * fast as two cores; four chains at once fill a core, and tell the two apart.
 */
@State(Scope.Thread)
public class SpinBench {
  private static final int STEPS = 200;
  private static final long FACTOR = 6_364_136_223_846_793_005L;
  private static final long ADDEND = 1_442_695_040_888_963_407L;

  private long a = 42;
  private long b = 43;
  private long c = 44;
  private long d = 45;

  /** Draws from one generator of full period, which no compiler can shorten. */
  @Benchmark
  public long chain() {
    long before = a;
    long value = before;
    for (int i = 0; i < STEPS; i++) {
      value = value * FACTOR + ADDEND;
    }
    a = value;
    Expect.that(value != before, "another number");
    return value;
  }

  /** Draws from four. */
  @Benchmark
  public long wide() {
    long before = a;
    for (int i = 0; i < STEPS; i++) {
      a = a * FACTOR + ADDEND;
      b = b * FACTOR + ADDEND;
      c = c * FACTOR + ADDEND;
      d = d * FACTOR + ADDEND;
    }
    Expect.that(a != before, "another number");
    return a ^ b ^ c ^ d;
  }
}
