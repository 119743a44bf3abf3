package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.route.Concurrency;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Who gets in where a limit is reached, and who does not. */
final class UpstreamLimitTest {
  private static final EventLoop LOOP = new DefaultEventLoop();
  private static final Route ROUTE =
      Exchanges.route(Exchanges.upstream(new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9_101)));
  private static final int CRITICAL = Priority.CRITICAL.ordinal();
  private static final int NORMAL = Priority.NORMAL.ordinal();
  private static final int LOW = Priority.LOW.ordinal();

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private long now;

  @AfterAll
  static void stop() {
    LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static Exchange of(String subject) {
    Exchange exchange = Exchanges.request(ROUTE, LOOP, HttpMethod.GET, "/a");
    exchange.identify(new Caller(subject, "", "", Set.of(), Set.of()));
    return exchange;
  }

  /** Returns a limit that has fallen to this minimum, as nothing was answered. */
  private UpstreamLimit limit(Concurrency.Mode mode, int minimum) {
    UpstreamLimit limit = new UpstreamLimit("orders", new Concurrency(mode, minimum), registry);
    for (int look = 0; look < 12; look++) {
      IntStream.range(0, 20).forEach(i -> limit.noteLate());
      look(limit);
    }
    assertThat(limit.limit()).isEqualTo(minimum);
    return limit;
  }

  private void look(UpstreamLimit limit) {
    now += 100_000_000;
    limit.look(now, 0);
  }

  /** Answers to requests with a body have no time that says anything, yet they come. */
  @Test
  void growsBackWhereItRefusesAndAllAnswersAreWithoutATime() {
    UpstreamLimit limit = limit(Concurrency.Mode.ADAPTIVE, 4);
    Exchange exchange = of("a");
    for (int look = 0; look < 300; look++) {
      limit.noteUntimed();
      int[] places = new int[100];
      for (int i = 0; i < places.length; i++) {
        places[i] = limit.tryEnter(exchange, NORMAL);
      }
      look(limit);
      for (int place : places) {
        if (place != UpstreamLimit.NO_PLACE) {
          limit.leave(exchange, NORMAL, place);
        }
      }
    }
    assertThat(limit.limit()).isGreaterThanOrEqualTo(100);
  }

  @Test
  void isNotCutByLateReadsWhileMostOtherRequestsAreAnswered() {
    UpstreamLimit limit =
        new UpstreamLimit("orders", new Concurrency(Concurrency.Mode.ADAPTIVE, 4), registry);
    int before = limit.limit();
    for (int look = 0; look < 50; look++) {
      IntStream.range(0, 20).forEach(i -> limit.noteLate());
      IntStream.range(0, 30).forEach(i -> limit.noteUntimed());
      look(limit);
    }
    assertThat(limit.limit()).isEqualTo(before);
  }

  private static int enter(UpstreamLimit limit, Exchange exchange, int priority, int times) {
    return (int)
        IntStream.range(0, times)
            .filter(i -> limit.tryEnter(exchange, priority) != UpstreamLimit.NO_PLACE)
            .count();
  }

  private double shed(Priority priority) {
    return registry
        .get("weir.upstream.shed")
        .tags("upstream", "orders", "priority", priority.label())
        .counter()
        .count();
  }

  @Test
  void lowerClassesLeaveRoomForHigherOnes() {
    UpstreamLimit limit = limit(Concurrency.Mode.ADAPTIVE, 20);
    assertThat(enter(limit, of("a"), LOW, 30)).isEqualTo(20);
    assertThat(enter(limit, of("a"), NORMAL, 30)).as("what is low does not count").isEqualTo(20);
    assertThat(enter(limit, of("a"), CRITICAL, 30)).isEqualTo(20);
    assertThat(shed(Priority.LOW)).isEqualTo(10);
    assertThat(limit.waiting()).isEqualTo(60);
  }

  @Test
  void eachClassHasItsFloor() {
    UpstreamLimit limit = limit(Concurrency.Mode.ADAPTIVE, 20);
    assertThat(enter(limit, of("a"), CRITICAL, 30)).isEqualTo(20);
    assertThat(enter(limit, of("a"), NORMAL, 30)).isEqualTo(2);
    assertThat(enter(limit, of("a"), LOW, 30)).isEqualTo(1);
  }

  /** Connections are seldom dealt to the loops as evenly as that. */
  @Test
  void aLoopWithFewRequestsLetsNoMoreInThanTheOthersLeave() throws Exception {
    int minimum = 8 * LoopCounts.size();
    UpstreamLimit limit = limit(Concurrency.Mode.ADAPTIVE, minimum);
    Exchange exchange = of("a");
    for (int i = 0; i < minimum; i++) {
      assertThat(limit.tryEnter(exchange, CRITICAL)).isNotEqualTo(UpstreamLimit.NO_PLACE);
    }
    assertThat(limit.tryEnter(exchange, CRITICAL)).isEqualTo(UpstreamLimit.NO_PLACE);
    look(limit);
    int busy = LoopCounts.own();
    int entered = 0;
    for (int loop = 0; loop <= LoopCounts.size(); loop++) {
      entered += onAnotherLoop(() -> LoopCounts.own() == busy ? 0 : tryTwice(limit, exchange));
    }
    assertThat(entered).isZero();
  }

  private static int tryTwice(UpstreamLimit limit, Exchange exchange) {
    return IntStream.range(0, 2)
        .map(i -> limit.tryEnter(exchange, CRITICAL) == UpstreamLimit.NO_PLACE ? 0 : 1)
        .sum();
  }

  private static int onAnotherLoop(Callable<Integer> what) throws Exception {
    var answer = new FutureTask<>(what);
    Thread.ofPlatform().start(answer).join();
    return answer.get(10, TimeUnit.SECONDS);
  }

  @Test
  void refusesWhoHoldsMuchBeforeWhoHoldsLittle() {
    UpstreamLimit limit = limit(Concurrency.Mode.ADAPTIVE, 40);
    Exchange greedy = of("greedy");
    int[] places =
        IntStream.range(0, 50)
            .map(i -> limit.tryEnter(greedy, NORMAL))
            .filter(p -> p != 0)
            .toArray();
    assertThat(places).hasSize(40);
    for (int place : places) {
      limit.leave(greedy, NORMAL, place);
    }
    look(limit);

    int taken = enter(limit, greedy, NORMAL, 50);
    assertThat(taken).as("others were refused lately").isBetween(30, 36);
    assertThat(enter(limit, of("modest"), NORMAL, 1)).isOne();
  }

  @Test
  void refusesNobodyInShadowAndCountsThem() {
    UpstreamLimit limit = limit(Concurrency.Mode.SHADOW, 4);
    assertThat(enter(limit, of("a"), NORMAL, 10)).isEqualTo(10);
    assertThat(shed(Priority.NORMAL)).isEqualTo(6);
  }

  @Test
  void losesNoPlace() {
    UpstreamLimit limit = limit(Concurrency.Mode.ADAPTIVE, 8);
    Exchange exchange = of("a");
    for (int round = 0; round < 100; round++) {
      int place = limit.tryEnter(exchange, NORMAL);
      assertThat(place).isNotEqualTo(UpstreamLimit.NO_PLACE);
      limit.leave(exchange, NORMAL, place);
    }
    assertThat(limit.waiting()).isZero();
  }
}
