package dev.weir.gateway.stale;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.Route;
import dev.weir.jmh.sample.BenchLoop;
import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRequests;
import dev.weir.jmh.sample.SampleRoutes;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Shows what a route with {@code fallback: { stale: ... }} pays for each good answer of 1 KiB. */
@State(Scope.Benchmark)
public class StaleAnswersBench {
  private static final long SECONDS = 2_000_000_000;

  private final AtomicLong hurried = new AtomicLong();
  private final LastAnswers steady = shelf(System::nanoTime);
  private final LastAnswers old = shelf(() -> hurried.addAndGet(SECONDS));

  private static LastAnswers shelf(LongSupplier ticker) {
    return new StaleAnswers(8 << 20, ticker, InstantSource.system(), new SimpleMeterRegistry())
        .of(keeping(SampleRoutes.route(42, new Authentication.Open())));
  }

  private static Route keeping(Route route) {
    return new Route(
        route.id(),
        route.source(),
        route.match(),
        route.upstream(),
        route.priority(),
        route.authentication(),
        route.limits(),
        route.stripPrefix(),
        route.deadline(),
        route.attemptTimeout(),
        route.retry(),
        route.maxBodyBytes(),
        route.filters(),
        route.hedge(),
        Optional.of(new Fallback.Stale(Duration.ofDays(1), Optional.empty())),
        route.maxWebSockets(),
        route.brownOut());
  }

  /** One request, and the answer it gets each time. */
  @State(Scope.Thread)
  public static class Page {
    private final Exchange exchange =
        SampleRequests.exchange(
            SampleRoutes.path(42),
            "203.0.113.9",
            SampleRequests.fields().remove("cookie").add("x-forwarded-host", "api.example.com"),
            new BenchLoop());

    private final UpstreamResponse answer =
        new UpstreamResponse(
            200, fields(), new UpstreamResponse.Body.Whole(Unpooled.buffer().writeZero(1024)));

    private static HttpHeaders fields() {
      return SampleRequests.answerFields().set("cache-control", "max-age=60");
    }
  }

  /** Finds that the copy it has is of this second. */
  @Benchmark
  public UpstreamResponse keepAgain(Page page) {
    UpstreamResponse passed = steady.keep(page.exchange, page.answer);
    Expect.that(passed.equals(page.answer), "the answer itself");
    return passed;
  }

  /** Makes a copy each time. */
  @Benchmark
  public UpstreamResponse copy(Page page) {
    return old.keep(page.exchange, page.answer);
  }

  /** Answers from the copy. */
  @Benchmark
  public Optional<UpstreamResponse> find(Page page) {
    steady.keep(page.exchange, page.answer);
    Optional<UpstreamResponse> found = steady.find(page.exchange);
    Expect.that(found.isPresent(), "a kept answer");
    return found;
  }
}
