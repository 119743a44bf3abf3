package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.Schedules;
import dev.weir.gateway.fixture.VirtualTime;
import dev.weir.gateway.resilience.FakeService.Counted;
import dev.weir.gateway.route.Endpoint;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of an upstream's limit: how many workers there are, how long they take, how much
 * is offered of which class and when that changes; some upstreams have as many workers as there are
 * requests and are slow by nature. 12 s of virtual time, and then the rest ends. On one loop, where
 * counts are exact.
 *
 * <p>Invariants: 1. The limit is never below its minimum. 2. Places are neither lost nor made: as
 * many are held as requests wait, and none at the end. 3. Once an overload has lasted for three
 * seconds, at least 85 % of what the upstream can serve is served. 4. Then nobody who is let in
 * waits for more than six times of what an answer takes, and 60 ms. 5. The share that a class is
 * refused is no more than that of a class behind it, and each is served something. 6. An upstream
 * that is slow by nature is refused nothing.
 */
final class UpstreamScheduleTest {
  private static final EventLoop LOOP = new DefaultEventLoop();
  private static final Exchange EXCHANGE =
      Exchanges.request(
          Exchanges.route(
              Exchanges.upstream(new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9_101))),
          LOOP,
          HttpMethod.GET,
          "/a");
  private static final long SECOND = 1_000_000;
  private static final long END = 12 * SECOND;

  @AfterAll
  static void stop() {
    LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void everyScheduleKeepsTheInvariantsOfAnUpstreamsLimit() {
    Schedules.asked().check("upstream limits", seed -> new Run(seed).go());
  }

  private static final class Run {
    private final Random random;
    private final VirtualTime time = new VirtualTime();
    private final FakeService service;
    private final int workers;
    private final int micros;

    Run(long seed) {
      random = new Random(seed);
      workers = 8 + random.nextInt(25);
      micros = 20_000 + random.nextInt(60_000);
      service = new FakeService(time, random, EXCHANGE, END);
    }

    void go() {
      if (random.nextInt(4) == 0) {
        slowByNature();
      } else {
        overloaded();
      }
      time.run();
      assertThat(service.waiting()).isZero();
      assertThat(service.limit().waiting()).as("none is left at the end").isZero();
    }

    private long fixed(long now) {
      return (long) micros + random.nextInt(1_000);
    }

    private void slowByNature() {
      service.serves(Integer.MAX_VALUE, now -> 10L * fixed(now));
      for (int part = 0; part < 6; part++) {
        offer(20 + random.nextInt(600));
        pass(2 * SECOND);
      }
      Counted seen = service.take();
      time.run();
      assertThat(seen.allServed()).as("all that was sent").isEqualTo(seen.allSent());
    }

    private void overloaded() {
      double capacity = workers * 1e6 / (micros + 500 + 500);
      service.serves(workers, this::fixed);
      offer(capacity * (0.2 + random.nextInt(6) / 10.0));
      pass((2 + random.nextInt(3)) * SECOND);
      offer(capacity * (2 + random.nextInt(4)));
      pass(3 * SECOND);
      service.take();
      pass(3 * SECOND);
      Counted seen = service.take();
      time.runUntil(time.now() + SECOND);
      assertThat(seen.allServed()).as("served").isGreaterThan((int) (3 * 0.85 * capacity));
      assertThat(seen.slowest).as("the longest wait").isLessThan(6L * micros + 60_000);
      double before = 0;
      for (int priority : new int[] {0, 2, 3}) {
        assertThat(seen.refusedShare(priority)).isGreaterThanOrEqualTo(before - 0.05);
        assertThat(seen.served[priority]).isPositive();
        before = seen.refusedShare(priority);
      }
    }

    private void offer(double rate) {
      service.offer(0.05 * rate, 0, 0.35 * rate, 0.6 * rate);
    }

    private void pass(long length) {
      time.runUntil(time.now() + length);
      assertThat(service.limit().limit()).isGreaterThanOrEqualTo(4);
      assertThat(service.limit().waiting()).isEqualTo(service.waiting());
    }
  }
}
