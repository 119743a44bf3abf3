package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.jmh.sample.Expect;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The same as {@link DecisionPathBench}, but each loop has a gateway of its own: what a second one
 * adds here is what it would add if nothing at all were shared but the JVM and the machine.
 */
@State(Scope.Thread)
public class UnsharedPathBench {
  private final DecisionPath path = new DecisionPath();

  /** Takes a request through. */
  @Benchmark
  public Exchange request(DecisionPathBench.Loop loop) {
    Exchange exchange = loop.exchange(path);
    path.pass(exchange);
    Expect.that(exchange.status() == 200 && exchange.attempts() == 1, "an answer");
    return exchange;
  }

  /** Ends it. */
  @TearDown
  public void close() {
    path.close();
  }
}
