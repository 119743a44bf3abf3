package dev.weir.gateway.resilience;

import dev.weir.jmh.sample.Expect;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Shows what a hedged route pays for each answer to know what is slow. */
@State(Scope.Thread)
public class LatencyWindowBench {
  private final LatencyWindow window = new LatencyWindow(95);
  private final SplittableRandom random = new SplittableRandom(7);

  /** Notes a latency, of which every 32nd sorts the window. */
  @Benchmark
  public long note() {
    window.note(random.nextLong(100_000_000));
    Expect.that(window.threshold() > 0, "a threshold, known or not");
    return window.threshold();
  }
}
