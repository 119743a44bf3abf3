package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.VirtualTime;
import dev.weir.gateway.resilience.FakeService.Counted;
import dev.weir.gateway.route.Endpoint;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What becomes of upstreams of many kinds, in virtual time and from one seed. */
final class QueueLawTest {
  private static final EventLoop LOOP = new DefaultEventLoop();
  private static final int WORKERS = 16;
  private static final int LOW = 3;
  private static final int NORMAL = 2;
  private static final int CRITICAL = 0;
  private static final double CAPACITY = WORKERS / 0.02;
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private final VirtualTime time = new VirtualTime();
  private final Random random = new Random(4711);
  private final FakeService service = service(time, random);

  private static FakeService service(VirtualTime time, Random random) {
    return new FakeService(
        time,
        random,
        Exchanges.request(
            Exchanges.route(
                Exchanges.upstream(new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9_101))),
            LOOP,
            HttpMethod.GET,
            "/a"),
        seconds(1_000));
  }

  @AfterAll
  static void stop() {
    LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static long seconds(double seconds) {
    return (long) (seconds * 1e6);
  }

  /** Lets so much time pass, and returns what was sent in it. */
  private Counted pass(double length) {
    service.take();
    time.runUntil(time.now() + seconds(length));
    return service.take();
  }

  /** Lets pass what it takes until the last are answered. */
  private void settle(double length) {
    time.runUntil(time.now() + seconds(length));
  }

  private void offer(double rate) {
    service.offer(0.05 * rate, 0, 0.35 * rate, 0.6 * rate);
  }

  private long fixed(long now) {
    return 20_000L + random.nextInt(1_000);
  }

  @Test
  void servesAllThatCanBeServedAndNoQueue() {
    service.serves(WORKERS, this::fixed);
    offer(CAPACITY / 2);
    assertThat(pass(5).refusedShare(LOW)).isLessThan(0.01);

    for (int factor : new int[] {2, 5, 10}) {
      offer(factor * CAPACITY);
      pass(2);
      Counted seen = pass(6);
      assertThat(seen.allServed()).as("%d times", factor).isGreaterThan((int) (5.7 * CAPACITY));
      assertThat(seen.slowest).as("%d times", factor).isLessThan(50_000);
      assertThat(seen.dearestP99()).as("%d times", factor).isLessThan(42_000);
      assertThat(seen.refusedShare(CRITICAL)).as("%d times", factor).isLessThan(0.02);
      assertThat(seen.refusedShare(LOW)).isGreaterThan(seen.refusedShare(NORMAL));
      assertThat(seen.served[LOW]).as("the floor").isPositive();
    }
    offer(CAPACITY / 2);
    pass(1);
    assertThat(pass(4).refusedShare(LOW)).isLessThan(0.01);
  }

  /** What has become free at once is taken at once, and those who go first come on top of that. */
  @Test
  void thoseWhoGoFirstDoNotWaitLongWhereAnswersComeInBursts() {
    service.serves(WORKERS, now -> (now + 20_000) / 2_300 * 2_300 + 2_300 - now);
    offer(2 * CAPACITY);
    pass(4);
    for (int factor : new int[] {2, 5, 10}) {
      offer(factor * CAPACITY);
      pass(2);
      Counted seen = pass(6);
      settle(1);
      assertThat(seen.dearestP99()).as("%d times", factor).isLessThan(45_000);
      assertThat(seen.allServed()).as("%d times", factor).isGreaterThan(6 * 760);
    }
  }

  /** A look at the wrong moment must not take the queue of a load that rises for how it answers. */
  @Test
  void findsTheQueueInWhateverMomentTheLoadRises() {
    for (int seed = 0; seed < 300; seed++) {
      Random own = new Random(seed);
      VirtualTime clock = new VirtualTime();
      FakeService fake = service(clock, own);
      fake.serves(WORKERS, now -> fixedOf(own));
      fake.offer(0.05 * CAPACITY / 2, 0, 0.35 * CAPACITY / 2, 0.6 * CAPACITY / 2);
      clock.runUntil(seconds(3 + own.nextDouble()));
      double factor = 1.5 + 4 * own.nextDouble();
      fake.offer(0.05 * factor * CAPACITY, 0, 0.35 * factor * CAPACITY, 0.6 * factor * CAPACITY);
      clock.runUntil(clock.now() + seconds(3));
      fake.take();
      clock.runUntil(clock.now() + seconds(4));
      assertThat(fake.take().slowest).as("seed %d", seed).isLessThan(100_000);
    }
  }

  private static long fixedOf(Random own) {
    return 20_000L + own.nextInt(1_000) + (own.nextInt(50) == 0 ? 15_000 : 0);
  }

  @Test
  void growsWithAnUpstreamThatGrows() {
    service.serves(WORKERS, this::fixed);
    offer(4 * CAPACITY);
    pass(4);
    service.serves(10 * WORKERS, this::fixed);
    pass(2);
    Counted seen = pass(4);
    assertThat(seen.allServed()).isGreaterThan((int) (0.97 * seen.allSent()));
  }

  @Test
  void followsAnUpstreamThatBecomesSlowerWhileItIsFull() {
    service.serves(WORKERS, this::fixed);
    offer(3 * CAPACITY);
    pass(4);
    service.serves(WORKERS, now -> 2L * fixed(now));
    pass(4);
    Counted seen = pass(6);
    assertThat(seen.allServed()).isGreaterThan((int) (6 * 0.94 * CAPACITY / 2));
    assertThat(seen.slowest).isLessThan(200_000);
  }

  /** What answers take without a queue cannot be seen while there is one, and may change. */
  @Test
  void followsAMixThatBecomesDearerWhileItIsFull() {
    for (int seed = 0; seed < 2; seed++) {
      Random own = new Random(seed);
      VirtualTime clock = new VirtualTime();
      FakeService fake = service(clock, own);
      fake.serves(100, now -> own.nextDouble() < dear(now) ? 200_000L : 40_000L);
      fake.offer(0.05 * 7_500, 0, 0.35 * 7_500, 0.6 * 7_500);
      clock.runUntil(seconds(80));
      fake.take();
      clock.runUntil(seconds(140));
      Counted seen = fake.take();
      clock.runUntil(seconds(142));
      double capacity = 60 * 100 / 0.096;
      assertThat(seen.allServed()).as("seed %d", seed).isGreaterThan((int) (0.95 * capacity));
    }
  }

  /** None of the requests at first, and 35 of 100 from a minute on. */
  private static double dear(long now) {
    return Math.clamp((now - seconds(10)) / 60e6, 0, 1) * 0.35;
  }

  @Test
  void forgetsHowQuickItsFirstAnswersWere() {
    service.serves(WORKERS, now -> 1_000);
    offer(100);
    pass(2);
    service.serves(WORKERS, this::fixed);
    offer(4 * CAPACITY);
    pass(3);
    for (double share : new double[] {0.2, 0.8, 0.2}) {
      offer(share * CAPACITY);
      pass(3);
      Counted seen = pass(5);
      settle(1);
      assertThat(seen.allServed()).as("%.1f", share).isGreaterThan((int) (0.99 * seen.allSent()));
    }
  }

  @Test
  void leavesAnUpstreamAloneThatIsSlowByNature() {
    service.serves(UNBOUNDED, now -> 2_000_000);
    for (double rate : new double[] {10, 300, 1_500, 100}) {
      offer(rate);
      Counted seen = pass(15);
      settle(3);
      assertThat(seen.allServed()).as("%.0f/s", rate).isGreaterThan((int) (0.99 * seen.allSent()));
    }
  }

  @Test
  void takesUnequalAnswersForNoQueue() {
    LongUnaryOperator lognormal = now -> (long) (20_000 * Math.exp(1.2 * random.nextGaussian()));
    service.serves(UNBOUNDED, lognormal);
    for (double rate : new double[] {50, 1_000, 3_000, 1_000}) {
      offer(rate);
      Counted seen = pass(8);
      settle(3);
      assertThat(seen.allServed()).as("%.0f/s", rate).isGreaterThan((int) (0.99 * seen.allSent()));
    }
  }

  @Test
  void takesBackACutThatAnotherMixOfRequestsBrought() {
    double[] quick = {0.9};
    service.serves(UNBOUNDED, now -> random.nextDouble() < quick[0] ? 1_000 : 200_000);
    offer(1_000);
    pass(10);
    quick[0] = 0;
    Counted changed = pass(10);
    settle(1);
    assertThat(changed.allServed()).isGreaterThan((int) (0.95 * changed.allSent()));
    Counted later = pass(10);
    settle(1);
    assertThat(later.allServed()).isGreaterThan((int) (0.99 * later.allSent()));
  }

  @Test
  void refusesHardlyAnyOfLongPollsThatEndTogether() {
    long[] event = {0};
    service.serves(
        UNBOUNDED,
        now -> {
          if (event[0] <= now) {
            event[0] = now + (long) (-Math.log(1 - random.nextDouble()) * 8e6);
          }
          return Math.min(event[0] - now, 25_000_000) + random.nextInt(3_000);
        });
    offer(40);
    Counted seen = pass(300);
    settle(30);
    assertThat(seen.allServed()).isGreaterThan((int) (0.97 * seen.allSent()));
  }

  @Test
  void letsFewThroughWhereNothingIsAnswered() {
    service.serves(UNBOUNDED, this::fixed);
    offer(200);
    pass(3);
    UpstreamLimit limit = service.limit();
    for (int look = 0; look < 10; look++) {
      for (int i = 0; i < 20; i++) {
        limit.noteLate();
      }
      pass(0.1);
    }
    assertThat(limit.limit()).isLessThan(10);
    pass(2);
    Counted again = pass(2);
    settle(1);
    assertThat(again.allServed()).as("once it answers again").isEqualTo(again.allSent());
  }
}
