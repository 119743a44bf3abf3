package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Route;
import dev.weir.jmh.sample.BenchLoop;
import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRequests;
import dev.weir.jmh.sample.SampleRoutes;
import io.netty.handler.codec.http.HttpRequest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Shows what turning an exchange into the upstream's request costs. The edit comes to the same
 * result each time, as for a second attempt, so one exchange will do.
 */
@State(Scope.Thread)
public class RequestHeadsBench {
  private final BenchLoop loop = new BenchLoop();
  private final Route route = SampleRoutes.route(42, new Authentication.Open());
  private final Exchange exchange = exchange();

  private Exchange exchange() {
    Exchange made =
        SampleRequests.exchange(
            SampleRoutes.path(42), "203.0.113.9", SampleRequests.fields(), loop);
    made.bind(route, 0);
    return made;
  }

  /** Makes the head of a request without a body. */
  @Benchmark
  public HttpRequest head() {
    HttpRequest request = RequestHeads.of(exchange, "127.0.0.1:9101");
    Expect.that(
        request.headers().size() == 8 && request.uri().equals(exchange.head().path()),
        "the upstream's head");
    return request;
  }
}
