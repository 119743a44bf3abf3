package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.Balance.HashKey;
import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.Endpoint;
import dev.weir.jmh.sample.BenchLoop;
import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRequests;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Shows what a choice costs by the number of endpoints, with nothing under way to any of them. */
@State(Scope.Benchmark)
public class BalancerBench {
  private static final int TENANTS = 64;

  /** How many endpoints the upstream has. */
  @Param({"2", "8", "64", "256"})
  public int endpoints;

  private final LoopCounts load = new LoopCounts();
  private final Balancer roundRobin = balancer(new Balance.RoundRobin());
  private final Balancer leastRequests = balancer(new Balance.LeastRequests());
  private final Balancer hash = balancer(new Balance.Hash(new HashKey.Header("x-tenant")));
  private EndpointBreaker[] line = {};

  private Balancer balancer(Balance balance) {
    return Balancer.of(balance, bound -> ThreadLocalRandom.current().nextInt(bound), load);
  }

  /** Builds the line. */
  @Setup
  public void build() {
    MeterRegistry registry = new SimpleMeterRegistry();
    line =
        IntStream.range(0, endpoints)
            .mapToObj(i -> new Endpoint(Endpoint.Scheme.HTTP, "10.0.0.1", 1_000 + i))
            .map(endpoint -> new BreakerKey("orders", endpoint, BreakerPolicy.STANDARD))
            .map(key -> new EndpointBreaker(key, load, registry, Clock.systemUTC()))
            .toArray(EndpointBreaker[]::new);
  }

  /** The requests of one event loop: each of another tenant than the one before. */
  @State(Scope.Thread)
  public static class Loop {
    private final BenchLoop loop = new BenchLoop();
    private final Exchange[] exchanges =
        IntStream.range(0, TENANTS)
            .mapToObj(
                i ->
                    SampleRequests.exchange(
                        "/",
                        "192.0.2.1",
                        SampleRequests.fields().add("x-tenant", "tenant-" + i),
                        loop))
            .toArray(Exchange[]::new);
    private int next;

    Exchange exchange() {
      next = (next + 1) % TENANTS;
      return exchanges[next];
    }
  }

  /** Takes the next. */
  @Benchmark
  public int roundRobin(Loop loop) {
    return pick(roundRobin, loop);
  }

  /** Takes the freer of two. */
  @Benchmark
  public int leastRequests(Loop loop) {
    return pick(leastRequests, loop);
  }

  /** Takes the one that the tenant's hash says. */
  @Benchmark
  public int hash(Loop loop) {
    return pick(hash, loop);
  }

  private int pick(Balancer balancer, Loop loop) {
    int picked = balancer.pick(line, loop.exchange(), Balancer.NONE);
    Expect.that(picked >= 0, "an endpoint");
    return picked;
  }
}
