package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.Balance.HashKey;
import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.Endpoint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;

/**
 * Shows what a choice costs by the number of endpoints. Run by hand: timings have no place among
 * tests. Each figure is the best of nine rounds of a million choices on one thread.
 */
final class BalancerBench {
  private static final int CHOICES = 1_000_000;

  private BalancerBench() {}

  public static void main(String[] args) {
    List<Balance> balances =
        List.of(
            new Balance.RoundRobin(),
            new Balance.LeastRequests(),
            new Balance.Hash(new HashKey.Header("x-tenant")));
    for (Balance balance : balances) {
      for (int size : new int[] {2, 8, 64, 256}) {
        LongAdder load = new LongAdder();
        EndpointBreaker[] line = line(size, load);
        Balancer balancer =
            Balancer.of(balance, bound -> ThreadLocalRandom.current().nextInt(bound), load);
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 9; round++) {
          best = Math.min(best, time(balancer, line));
        }
        System.out.printf(
            Locale.ROOT,
            "%-14s %4d endpoints: %6.1f ns a choice%n",
            balance.getClass().getSimpleName(),
            size,
            best / (double) CHOICES);
      }
    }
  }

  private static EndpointBreaker[] line(int size, LongAdder load) {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    return IntStream.range(0, size)
        .mapToObj(i -> new Endpoint(Endpoint.Scheme.HTTP, "10.0.0.1", 1_000 + i))
        .map(endpoint -> new BreakerKey("orders", endpoint, BreakerPolicy.STANDARD))
        .map(key -> new EndpointBreaker(key, load, registry, Clock.systemUTC()))
        .toArray(EndpointBreaker[]::new);
  }

  private static long time(Balancer balancer, EndpointBreaker[] line) {
    Exchange[] exchanges =
        IntStream.range(0, 64)
            .mapToObj(i -> Requests.from("192.0.2.1", "", "x-tenant", "tenant-" + i))
            .toArray(Exchange[]::new);
    int chosen = 0;
    long started = System.nanoTime();
    for (int i = 0; i < CHOICES; i++) {
      chosen += balancer.pick(line, exchanges[i % exchanges.length], Balancer.NONE) >= 0 ? 1 : 0;
    }
    long elapsed = System.nanoTime() - started;
    Assertions.assertEquals(CHOICES, chosen, "every request has an endpoint");
    return elapsed;
  }
}
