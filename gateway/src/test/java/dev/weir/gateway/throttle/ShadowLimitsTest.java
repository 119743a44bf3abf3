package dev.weir.gateway.throttle;

import static dev.weir.gateway.throttle.Authentications.JWT;
import static dev.weir.gateway.throttle.Authentications.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A limit in shadow mode counts what it would do, and does nothing. */
class ShadowLimitsTest {
  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final FakeStore store = new FakeStore(millis::get);
  private final ThrottleStage stage = new ThrottleStage(store, 4, meters, millis::get, time, 1000);

  @AfterEach
  void close() {
    stage.close();
  }

  private static Limit limit(String name, long burst) {
    return new Limit(
        name, Limit.Key.ADDRESS, 8, Duration.ofMinutes(1), burst, Limit.OnRedisLoss.CLOSED);
  }

  private static Limit shadow(String name, long burst) {
    return limit(name, burst).inMode(Limit.Mode.SHADOW);
  }

  private static Exchange request(Route route) {
    Exchange exchange = Requests.from("192.0.2.1", "");
    exchange.bind(route, 0);
    return exchange;
  }

  private static Verdict decide(Enforcer enforcer, Exchange exchange) {
    return Requests.settle(enforcer.enforce(exchange)).join();
  }

  private double count(String limit, String outcome) {
    return meters.counter("weir.throttle.decisions", "limit", limit, "outcome", outcome).count();
  }

  @Test
  void countsWhatItWouldRefuseAndLetsItPassInSilence() {
    Route route = Requests.route("orders", OPEN, shadow("tried", 1));
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    for (int i = 0; i < 3; i++) {
      Exchange exchange = request(route);
      assertThat(enforcer.enforce(exchange)).as("nobody waits").isEqualTo(Verdict.PROCEED);
      assertThat(exchange.responseHeaders()).isEmpty();
    }
    assertThat(count("tried", "shadow_allowed")).isEqualTo(1);
    assertThat(count("tried", "shadow_refused")).isEqualTo(2);
    assertThat(count("tried", "refused") + count("tried", "allowed")).isZero();
  }

  @Test
  void waitsForNoAnswerOfTheStore() {
    Route route = Requests.route("orders", OPEN, shadow("tried", 1));
    store.holdAnswers();

    Verdict verdict = stage.sharedBuckets(route).orElseThrow().enforce(request(route));

    assertThat(verdict).isEqualTo(Verdict.PROCEED);
    assertThat(count("tried", "shadow_allowed")).isZero();
    store.answerAll();
    assertThat(count("tried", "shadow_allowed")).isEqualTo(1);
  }

  @Test
  void standsBehindTheLimitsThatAreMeantAndEachForItself() {
    Route route =
        Requests.route("orders", OPEN, shadow("narrow", 1), limit("meant", 3), shadow("wide", 9));
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    Exchange first = request(route);
    assertThat(decide(enforcer, first)).isEqualTo(Verdict.PROCEED);
    assertThat(first.responseHeaders())
        .extracting(Rejection.Header::value)
        .allMatch(value -> value.contains("meant") && !value.contains("wide"));
    decide(enforcer, request(route));
    decide(enforcer, request(route));

    Rejection rejection = Requests.rejection(enforcer.enforce(request(route)));

    assertThat(rejection.detail()).contains("meant");
    assertThat(rejection.headers().toString()).doesNotContain("narrow", "wide");
    assertThat(count("narrow", "shadow_allowed")).isEqualTo(1);
    assertThat(count("narrow", "shadow_refused")).as("of those that passed").isEqualTo(2);
    assertThat(count("wide", "shadow_allowed")).as("whatever the other said").isEqualTo(3);
  }

  @Test
  void guardsNothingAndRefusesNothingWithoutTheStore() {
    Route route = Requests.route("orders", JWT, shadow("tried", 1));
    assertThat(stage.addressGuard(route)).isEmpty();
    Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();
    store.goDown();
    for (int i = 0; i < 6; i++) {
      assertThat(decide(enforcer, request(route))).isEqualTo(Verdict.PROCEED);
    }
    assertThat(stage.storeIsUp()).isFalse();
    assertThat(count("tried", "shadow_allowed") + count("tried", "shadow_refused")).isZero();
  }
}
