package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Caller;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.route.Balance;
import dev.weir.gateway.route.Balance.HashKey;
import dev.weir.gateway.route.BreakerPolicy;
import dev.weir.gateway.route.Endpoint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How requests are spread over endpoints, with a seeded random. */
final class BalancerTest {
  private static final BreakerPolicy TOUCHY =
      new BreakerPolicy(0.5, 2, 2, Duration.ofSeconds(5), 1, Optional.empty());

  private final MovedClock clock = new MovedClock();
  private final LoopCounts load = new LoopCounts();
  private final Random random = new Random(42);
  private final EndpointBreaker[] line =
      IntStream.range(0, 5).mapToObj(this::endpoint).toArray(EndpointBreaker[]::new);

  private EndpointBreaker endpoint(int i) {
    var endpoint = new Endpoint(Endpoint.Scheme.HTTP, "10.0.0." + (i + 1), 9_101);
    return new EndpointBreaker(
        new BreakerKey("orders", endpoint, TOUCHY), load, new SimpleMeterRegistry(), clock);
  }

  private Balancer balancer(Balance balance) {
    return Balancer.of(balance, random::nextInt, load);
  }

  private Balancer hash(HashKey key) {
    return balancer(new Balance.Hash(key));
  }

  private static Exchange tenant(String name) {
    return Requests.from("192.0.2.1", "", "x-tenant", name);
  }

  private static void open(EndpointBreaker endpoint) {
    for (int i = 0; i < 2; i++) {
      assertThat(endpoint.tryBegin()).isTrue();
      endpoint.end(Outcome.RESET, 1);
    }
  }

  @Test
  void roundRobinVisitsAllInTurn() {
    Balancer balancer = balancer(new Balance.RoundRobin());
    int[] picks =
        IntStream.range(0, 11).map(i -> balancer.pick(line, tenant("a"), Balancer.NONE)).toArray();

    for (int i = 1; i < picks.length; i++) {
      assertThat(picks[i]).isEqualTo((picks[i - 1] + 1) % line.length);
    }
  }

  @Test
  void roundRobinCountsOnEachLoopByItself() {
    Balancer balancer = balancer(new Balance.RoundRobin());
    int first = balancer.pick(line, tenant("a"), Balancer.NONE);
    EventLoop other = new DefaultEventLoop();
    Exchange template = tenant("a");
    balancer.pick(line, new Exchange(template.head(), template.body(), other, 0), Balancer.NONE);
    var _ = other.shutdownGracefully();

    assertThat(balancer.pick(line, tenant("a"), Balancer.NONE)).isEqualTo((first + 1) % 5);
  }

  @Test
  void roundRobinPassesOverWhatIsExcludedOrOpen() {
    open(line[1]);
    Balancer balancer = balancer(new Balance.RoundRobin());

    assertThat(IntStream.range(0, 50).map(i -> balancer.pick(line, tenant("a"), 3)).distinct())
        .containsExactlyInAnyOrder(0, 2, 4);
  }

  @Test
  void leastRequestsTakesTheFreerOfTwo() {
    for (int i = 0; i < line.length; i++) {
      for (int n = 0; n < i; n++) {
        line[i].tryBegin();
      }
    }
    Balancer balancer = balancer(new Balance.LeastRequests());
    int[] picked = new int[line.length];
    for (int i = 0; i < 2_000; i++) {
      picked[balancer.pick(line, tenant("a"), Balancer.NONE)]++;
    }

    assertThat(picked[4]).isZero();
    assertThat(picked).isSortedAccordingTo((a, b) -> Integer.compare(b, a));
  }

  @Test
  void equalKeysGoToTheSameEndpointEvenlyOverAll() {
    Balancer balancer = hash(new HashKey.Header("x-tenant"));
    int[] picked = new int[line.length];
    for (int i = 0; i < 10_000; i++) {
      int pick = balancer.pick(line, tenant("tenant-" + i), Balancer.NONE);
      assertThat(hash(new HashKey.Header("x-tenant")).pick(line, tenant("tenant-" + i), -1))
          .isEqualTo(pick);
      picked[pick]++;
    }

    assertThat(Arrays.stream(picked)).allMatch(count -> count > 1_800 && count < 2_200);
  }

  @Test
  void onlyKeysOfTheEndpointThatWentMove() {
    Balancer balancer = hash(new HashKey.Header("x-tenant"));
    EndpointBreaker[] fewer = Arrays.copyOf(line, 4);
    int[] moved = new int[4];
    for (int i = 0; i < 5_000; i++) {
      int before = balancer.pick(line, tenant("tenant-" + i), Balancer.NONE);
      int after = balancer.pick(fewer, tenant("tenant-" + i), Balancer.NONE);
      if (before < 4) {
        assertThat(after).isEqualTo(before);
      } else {
        moved[after]++;
      }
    }

    assertThat(Arrays.stream(moved)).allMatch(count -> count > 180);
  }

  @Test
  void hotKeySpillsAtTheBoundOfTheLoad() {
    Balancer balancer = hash(new HashKey.Path());
    int[] picked = new int[line.length];
    for (int i = 0; i < 1_000; i++) {
      int pick = balancer.pick(line, tenant("a"), Balancer.NONE);
      assertThat(line[pick].tryBegin()).isTrue();
      picked[pick]++;
    }

    assertThat(Arrays.stream(picked).max()).hasValue(250);
    assertThat(Arrays.stream(picked).filter(count -> count == 250)).hasSize(4);
    assertThat(load.sum()).isEqualTo(1_000);
  }

  @Test
  void keyOfAnOpenEndpointHasASecondOne() {
    Balancer balancer = hash(new HashKey.Address());
    int first = balancer.pick(line, tenant("a"), Balancer.NONE);
    int second = balancer.pick(line, tenant("a"), first);
    open(line[first]);

    assertThat(second).isNotEqualTo(first);
    assertThat(balancer.pick(line, tenant("a"), Balancer.NONE)).isEqualTo(second);
  }

  @Test
  void requestWithoutTheKeyIsSpread() {
    Balancer balancer = hash(new HashKey.Caller());
    assertThat(
            IntStream.range(0, 100)
                .map(i -> balancer.pick(line, tenant("a"), Balancer.NONE))
                .distinct())
        .hasSize(5);
    Exchange known = tenant("a");
    known.identify(new Caller("alice", "", "", Set.of(), Set.of()));
    assertThat(
            IntStream.range(0, 100).map(i -> balancer.pick(line, known, Balancer.NONE)).distinct())
        .hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sid=7          | true",
        "a=1; sid=7     | true",
        "a=1; sid=7; b=2| true",
        "xsid=7         | false",
        "sid=           | false",
        "sid            | false",
        "a=sid=7        | false",
        "sid2=7         | false",
        ";;             | false"
      })
  void findsTheCookieOfAName(String line, boolean found) {
    long hash = RequestKey.of(new HashKey.Cookie("sid")).applyAsLong(cookies(line));

    assertThat(hash).isEqualTo(found ? Mix.of("7") : RequestKey.ABSENT);
  }

  private static Exchange cookies(String... lines) {
    Exchange exchange = Requests.from("192.0.2.1", "");
    HttpHeaders headers = exchange.headers();
    Arrays.stream(lines).forEach(line -> headers.add("cookie", line));
    return exchange;
  }

  @Test
  void findsTheCookieOnASecondLine() {
    assertThat(RequestKey.of(new HashKey.Cookie("sid")).applyAsLong(cookies("a=1", "sid=7")))
        .isEqualTo(Mix.of("7"));
  }

  @Test
  void picksNobodyWhereNobodyMay() {
    for (EndpointBreaker endpoint : line) {
      open(endpoint);
    }
    for (Balance balance :
        new Balance[] {
          new Balance.RoundRobin(),
          new Balance.LeastRequests(),
          new Balance.Hash(new HashKey.Address())
        }) {
      assertThat(balancer(balance).pick(line, tenant("a"), Balancer.NONE)).isEqualTo(Balancer.NONE);
    }
  }

  private int[] picked(Balance balance, int times) {
    Balancer balancer = balancer(balance);
    int[] picked = new int[line.length];
    for (int i = 0; i < times; i++) {
      picked[balancer.pick(line, tenant("tenant-" + i), Balancer.NONE)]++;
    }
    return picked;
  }

  @Test
  void slowStarterTakesItsShareWhateverTheBalance() {
    for (Balance balance :
        new Balance[] {
          new Balance.RoundRobin(),
          new Balance.LeastRequests(),
          new Balance.Hash(new HashKey.Header("x-tenant"))
        }) {
      line[2].startSlowly(Duration.ofSeconds(30));
      assertThat(picked(balance, 5_000)[2]).as("%s at its begin", balance).isBetween(1, 150);
      clock.move(Duration.ofSeconds(15));
      assertThat(picked(balance, 5_000)[2]).as("%s half way", balance).isBetween(350, 750);
      clock.move(Duration.ofSeconds(15));
      assertThat(picked(balance, 5_000)[2]).as("%s at its end", balance).isBetween(850, 1_150);
    }
  }

  @Test
  void slowStarterIsNotFloodedForBeingFree() {
    for (int i = 0; i < line.length; i++) {
      for (int n = 0; n < 10 && i != 2; n++) {
        line[i].tryBegin();
      }
    }
    line[2].startSlowly(Duration.ofSeconds(30));

    assertThat(picked(new Balance.LeastRequests(), 5_000)[2]).isBetween(1, 300);
  }

  @Test
  void keyThatMovedToASlowStarterStaysThere() {
    Balancer balancer = hash(new HashKey.Header("x-tenant"));
    line[2].startSlowly(Duration.ofSeconds(30));
    boolean[] there = new boolean[1_000];
    for (int second = 0; second <= 30; second++) {
      for (int i = 0; i < there.length; i++) {
        boolean now = balancer.pick(line, tenant("tenant-" + i), Balancer.NONE) == 2;
        assertThat(now || !there[i]).isTrue();
        there[i] = now;
      }
      clock.move(Duration.ofSeconds(1));
    }
  }

  @Test
  void somebodyServesWhereAllStartSlowly() {
    for (EndpointBreaker endpoint : line) {
      endpoint.startSlowly(Duration.ofSeconds(30));
    }
    assertThat(picked(new Balance.LeastRequests(), 1_000)).doesNotContain(0);
    assertThat(picked(new Balance.RoundRobin(), 1_000)).doesNotContain(0);
    assertThat(picked(new Balance.Hash(new HashKey.Address()), 1_000)).isNotEmpty();
  }
}
