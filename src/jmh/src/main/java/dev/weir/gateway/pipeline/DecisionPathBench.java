package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.jmh.sample.BenchLoop;
import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRequests;
import dev.weir.jmh.sample.SampleRoutes;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Shows what all decisions on a request cost together, with everything that event loops share:
 * match, admission, address guard, known token, roles, two leased limits, body policy, breaker,
 * security fields, meters and access log. What it leaves out is ingress and the network: no socket,
 * no TLS, no codec. Each loop has a client of its own; the route, its endpoints and its meters are
 * everyone's.
 */
@State(Scope.Benchmark)
public class DecisionPathBench {
  private final DecisionPath path = new DecisionPath();

  /** One event loop and the client it serves. */
  @State(Scope.Thread)
  public static class Loop {
    private static final AtomicInteger LOOPS = new AtomicInteger();

    private final BenchLoop loop = new BenchLoop();
    private final String target = SampleRoutes.path(DecisionPath.LAST);
    private final int number = LOOPS.incrementAndGet();
    private final String address = "203.0.113." + number;
    private String credentials = "";

    Exchange exchange(DecisionPath path) {
      if (credentials.isEmpty()) {
        credentials = "Bearer " + path.token("token-" + number);
      }
      HttpHeaders fields = SampleRequests.fields().set("authorization", credentials);
      return SampleRequests.exchange(target, address, fields, loop);
    }
  }

  /** Takes a request through. */
  @Benchmark
  public Exchange request(Loop loop) {
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
