package dev.weir.gateway.exchange;

import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Match;
import dev.weir.gateway.route.PathPattern;
import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.PriorityRule;
import dev.weir.gateway.route.RetryPolicy;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Source;
import dev.weir.gateway.route.Upstream;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Mono;

/** Makes exchanges and routes by hand, for tests of stages. */
public final class Requests {
  /** One event loop for all tests of this JVM. */
  public static final EventLoop LOOP = new DefaultEventLoop();

  private static final Upstream UPSTREAM =
      new Upstream(
          "orders",
          List.of(new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9101)),
          Duration.ofMillis(500),
          512,
          Duration.ofSeconds(20),
          BreakerPolicy.STANDARD);

  private Requests() {}

  /** Returns a request of another method. */
  public static Exchange sending(String method, String address) {
    return of(HttpMethod.valueOf(method), address, "");
  }

  /** Returns a GET from an address, with fields as name, value, name, value. */
  public static Exchange from(String address, String query, String... fields) {
    return of(HttpMethod.GET, address, query, fields);
  }

  private static Exchange of(HttpMethod method, String address, String query, String... fields) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (int i = 0; i < fields.length; i += 2) {
      headers.add(fields[i], fields[i + 1]);
    }
    RequestHead head =
        new RequestHead(
            method, "https", "localhost", "/api/orders", query, address, "request-1", headers);
    return new Exchange(head, RequestBody.NONE, LOOP, System.nanoTime());
  }

  /** Returns a route of which only these are of interest. */
  public static Route route(String id, Authentication authentication, Limit... limits) {
    return new Route(
        id,
        new Source(1, 1),
        new Match(Optional.empty(), new PathPattern("/**", List.of(), true), Set.of()),
        UPSTREAM,
        PriorityRule.always(Priority.NORMAL),
        authentication,
        List.of(limits),
        "",
        Duration.ofSeconds(15),
        Duration.ofSeconds(15),
        RetryPolicy.NEVER,
        1 << 20,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        0,
        List.of());
  }

  /** Returns the verdict, waiting for it off the event loop where it has to be waited for. */
  public static CompletableFuture<Verdict> settle(Verdict verdict) {
    CompletableFuture<Verdict> settled = new CompletableFuture<>();
    if (verdict instanceof Verdict.Await(Mono<Verdict> later)) {
      later.subscribe(settled::complete, settled::completeExceptionally);
    } else {
      settled.complete(verdict);
    }
    return settled;
  }

  /** Returns the rejection of a refusal. */
  public static Rejection rejection(Verdict verdict) {
    if (settle(verdict).join() instanceof Verdict.Refuse(Rejection rejection)) {
      return rejection;
    }
    throw new AssertionError("not refused: " + verdict);
  }
}
