package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.route.Concurrency;
import dev.weir.gateway.route.Priority;
import dev.weir.jmh.sample.BenchLoop;
import dev.weir.jmh.sample.Expect;
import dev.weir.jmh.sample.SampleRequests;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Shows what a place among those who wait for an upstream costs, and whether event loops hinder
 * each other in it: with room, near the limit, and where there is none.
 */
@State(Scope.Benchmark)
public class UpstreamLimitBench {
  private static final int NORMAL = Priority.NORMAL.ordinal();
  private static final int LOW = Priority.LOW.ordinal();
  private static final long NANOS = 20_000_000;

  private final UpstreamLimit roomy = limit(Concurrency.STANDARD.minimum());
  private final UpstreamLimit tight = found(8);
  // So small that no loop gets in without a look at what the others have.
  private final UpstreamLimit full = found(1);
  private final Exchange exchange =
      SampleRequests.exchange("/", "192.0.2.1", SampleRequests.fields(), new BenchLoop());

  private static UpstreamLimit limit(int minimum) {
    return new UpstreamLimit(
        "orders", new Concurrency(Concurrency.Mode.ADAPTIVE, minimum), new SimpleMeterRegistry());
  }

  /** Returns a limit that has fallen to its minimum, as nothing is answered. */
  private static UpstreamLimit found(int minimum) {
    UpstreamLimit limit = limit(minimum);
    for (int look = 1; look <= 10; look++) {
      for (int i = 0; i < 20; i++) {
        limit.noteLate();
      }
      limit.look(look * 100_000_000L, 0);
    }
    Expect.that(limit.limit() == minimum, "the minimum");
    return limit;
  }

  /** Fills what is to be full. */
  public UpstreamLimitBench() {
    int taken = 0;
    while (full.tryEnter(exchange, NORMAL) != UpstreamLimit.NO_PLACE) {
      taken++;
    }
    Expect.that(taken > 0, "places");
    while (full.tryEnter(exchange, LOW) != UpstreamLimit.NO_PLACE) {
      taken++;
    }
    for (int i = 0; i < 4; i++) {
      Expect.that(tight.tryEnter(exchange, NORMAL) != UpstreamLimit.NO_PLACE, "a place");
    }
  }

  /** Takes a place, notes an answer and leaves, as most requests do. */
  @Benchmark
  public void place() {
    enterAndLeave(roomy, NORMAL);
  }

  /** The same where half of the limit is taken. */
  @Benchmark
  public void lastPlaces() {
    enterAndLeave(tight, LOW);
  }

  /** Finds no place. */
  @Benchmark
  public void noPlace() {
    Expect.that(full.tryEnter(exchange, LOW) == UpstreamLimit.NO_PLACE, "no place");
  }

  private void enterAndLeave(UpstreamLimit limit, int priority) {
    int place = limit.tryEnter(exchange, priority);
    Expect.that(place != UpstreamLimit.NO_PLACE, "a place");
    limit.note(NANOS);
    limit.leave(exchange, priority, place);
  }

  /** Looks whether every place came back. */
  @TearDown
  public void check() {
    Expect.that(roomy.waiting() == 0 && tight.waiting() == 4, "no place is lost");
  }
}
