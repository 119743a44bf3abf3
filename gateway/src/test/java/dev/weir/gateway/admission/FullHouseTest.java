package dev.weir.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RequestBody;
import dev.weir.gateway.exchange.RequestHead;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Upstream;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Who holds much when permits become few, and who still gets in. */
final class FullHouseTest {
  private static final EventLoop LOOP = new DefaultEventLoop();
  private static final LimitBounds BOUNDS = new LimitBounds(64, 100, 100, Duration.ofMillis(50));

  private final AdaptiveLimit limit = new AdaptiveLimit(BOUNDS);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<Exchange> inside = new ArrayList<>();
  private int addresses;

  @AfterAll
  static void stop() {
    LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private AdmissionStage stage(String upstream, Priority priority) {
    Upstream plain = Exchanges.upstream(new Endpoint(Endpoint.Scheme.HTTP, "127.0.0.1", 9_101));
    Route route =
        Exchanges.route(
            new Upstream(
                upstream, plain.endpoints(), plain.pool(), plain.breaker(), plain.selection()));
    return new AdmissionStage(limit, Exchanges.of(priority, route), registry);
  }

  private boolean enter(AdmissionStage stage, String address) {
    var head =
        new RequestHead(
            HttpMethod.GET, "https", "edge", "/", "", address, "r1", new DefaultHttpHeaders());
    var exchange = new Exchange(head, RequestBody.NONE, LOOP, System.nanoTime());
    Verdict verdict = stage.enforce(exchange);
    if (verdict instanceof Verdict.Refuse(var rejection)) {
      assertThat(rejection.error()).isEqualTo(GatewayError.OVERLOADED);
      return false;
    }
    inside.add(exchange);
    return true;
  }

  /** Enters from an address of its own each time. */
  private int enterMany(AdmissionStage stage, int times) {
    int entered = 0;
    for (int i = 0; i < times; i++) {
      entered += enter(stage, "192.0." + ++addresses / 200 + "." + addresses % 200) ? 1 : 0;
    }
    return entered;
  }

  @Test
  void anUpstreamThatHangsLeavesRoomForOthers() {
    AdmissionStage hanging = stage("hanging", Priority.CRITICAL);
    AdmissionStage other = stage("other", Priority.CRITICAL);
    int held = 0;
    while (enter(hanging, "192.0.2.1")) {
      held++;
    }
    held += enterMany(hanging, 200);

    assertThat(held).isBetween(70, 80);
    assertThat(enter(other, "192.0.2.1")).as("the same client at another upstream").isTrue();
    assertThat(enterMany(other, 5)).isEqualTo(5);
    assertThat(limit.inFlight()).isEqualTo(held + 6);
  }

  @Test
  void aClientWithManyLeavesRoomForOthers() {
    AdmissionStage stage = stage("orders", Priority.CRITICAL);
    int held = 0;
    while (enter(stage, "192.0.2.1")) {
      held++;
    }
    assertThat(held).isBetween(70, 80);
    assertThat(enter(stage("other", Priority.CRITICAL), "192.0.2.2")).isTrue();
  }

  @Test
  void theLastClassIsNotShutOutByTheOthers() {
    assertThat(enterMany(stage("one", Priority.NORMAL), 200)).isPositive();
    assertThat(enterMany(stage("two", Priority.NORMAL), 200)).isPositive();
    assertThat(limit.inFlight()).isGreaterThan(limit.limit(Priority.LOW));

    assertThat(enterMany(stage("three", Priority.LOW), 20)).isEqualTo(5);
  }

  @Test
  void givesEveryPermitBack() {
    enterMany(stage("one", Priority.CRITICAL), 200);
    enterMany(stage("two", Priority.LOW), 200);
    inside.forEach(Exchange::complete);

    assertThat(limit.inFlight()).isZero();
    inside.clear();
    assertThat(enterMany(stage("one", Priority.CRITICAL), 200)).as("as before").isGreaterThan(65);
  }
}
