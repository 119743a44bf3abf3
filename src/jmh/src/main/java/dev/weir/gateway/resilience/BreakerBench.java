package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.jmh.sample.BenchLoop;
import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRequests;
import dev.weir.jmh.sample.SampleRoutes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Shows what an attempt's bookkeeping costs, and whether event loops hinder each other in it: for
 * one endpoint that all loops use, and for the choice among two.
 */
@State(Scope.Benchmark)
public class BreakerBench {
  private static final long NANOS = 1_000_000;

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final EndpointBreaker breaker =
      new EndpointBreaker(
          new BreakerKey(
              "orders", SampleRoutes.UPSTREAM.endpoints().getFirst(), BreakerPolicy.STANDARD),
          new LoopCounts(),
          registry,
          Clock.systemUTC());
  private final EndpointChoice choice =
      new EndpointChoice(
          new Breakers(registry).roster(SampleRoutes.UPSTREAM),
          new LeastRequests(BreakerBench::random),
          BreakerBench::random);
  private final Exchange exchange =
      SampleRequests.exchange("/", "192.0.2.1", SampleRequests.fields(), new BenchLoop());

  private static int random(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }

  /** Begins and ends a good attempt at the only endpoint. */
  @Benchmark
  public void attempt() {
    Expect.that(breaker.tryBegin(), "a permission");
    breaker.end(Outcome.OK, NANOS);
  }

  /** Picks one of two endpoints, begins and ends a good attempt. */
  @Benchmark
  public void choice() {
    EndpointBreaker chosen = choice.begin(exchange).orElseThrow();
    chosen.end(Outcome.OK, NANOS);
  }

  /** Looks whether every attempt ended. */
  @TearDown
  public void check() {
    Expect.that(breaker.inFlight() == 0 && breaker.stateNumber() == 0, "nothing in flight");
  }
}
