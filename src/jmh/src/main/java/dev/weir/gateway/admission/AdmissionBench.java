package dev.weir.gateway.admission;

import dev.weir.gateway.route.Priority;
import dev.weir.jmh.sample.Expect;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Shows what a permit costs, and whether event loops hinder each other in taking theirs. */
@State(Scope.Benchmark)
public class AdmissionBench {
  private final AdaptiveLimit limit = new AdaptiveLimit(LimitBounds.STANDARD);

  /** Takes a permit and gives it back. */
  @Benchmark
  public void permit() {
    Expect.that(limit.tryAcquire(Priority.NORMAL), "a permit");
    limit.release();
  }

  /** Looks whether every permit came back. */
  @TearDown
  public void check() {
    Expect.that(limit.inFlight() == 0, "no permit is lost");
  }
}
