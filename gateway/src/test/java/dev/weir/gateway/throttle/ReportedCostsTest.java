package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Requests;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Authentication;
import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Limit.OnRedisLoss;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

/** An upstream says afterwards what a request has cost. */
class ReportedCostsTest {
  private static final Cost REPORTED = new Cost(2, Map.of(), Optional.of("x-cost"));

  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeStore store = new FakeStore(millis::get);
  private final ThrottleStage stage =
      new ThrottleStage(store, 1, meters, millis::get, VirtualTimeScheduler.create(), 100);
  private final Route route =
      route(new Limit("units", Limit.Key.ROUTE, 1, Duration.ofSeconds(1), 10, OnRedisLoss.CLOSED));
  private final Enforcer enforcer = stage.sharedBuckets(route).orElseThrow();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Route route(Limit limit) {
    return Requests.route("orders", new Authentication.Open(), limit.withCost(REPORTED));
  }

  private Exchange request() {
    Exchange exchange = Requests.from("192.0.2.1", "");
    exchange.bind(route, 0);
    return exchange;
  }

  /** Decides a request; returns how many tokens the client was told are left. */
  private String left(Exchange exchange) {
    assertThat(Requests.settle(enforcer.enforce(exchange)).join()).isEqualTo(Verdict.PROCEED);
    return exchange.responseHeaders().getLast().value();
  }

  private static HttpHeaders answer(Exchange exchange, String... fields) {
    HttpHeaders answer = new DefaultHttpHeaders().add("content-type", "text/plain");
    for (int i = 0; i < fields.length; i += 2) {
      answer.add(fields[i], fields[i + 1]);
    }
    exchange.answered(answer);
    return answer;
  }

  private double reports(String outcome) {
    return meters
        .counter("weir.throttle.cost.reports", "limit", "units", "outcome", outcome)
        .count();
  }

  @Test
  void takesWhatTheAnswerSaysBeyondWhatWasTakenAndKeepsTheFieldToItself() {
    Exchange first = request();
    assertThat(left(first)).contains("r=8");

    HttpHeaders answer = answer(first, "X-Cost", "5");

    assertThat(answer.names()).containsExactly("content-type");
    assertThat(left(request())).as("10 - 5 - 2").contains("r=3");
    assertThat(reports("read")).isEqualTo(1);
  }

  @Test
  void givesNothingBackAndTakesNothingForWhatItCannotRead() {
    Exchange first = request();
    left(first);
    int calls = store.draws.size();
    answer(first, "X-Cost", "1");
    answer(first);
    answer(first, "X-Cost", "");
    answer(first, "X-Cost", "-5");
    answer(first, "X-Cost", "5.5");
    answer(first, "X-Cost", "9".repeat(19));

    assertThat(store.draws).hasSize(calls);
    assertThat(reports("read")).isEqualTo(1);
    assertThat(reports("absent")).isEqualTo(1);
    assertThat(reports("unreadable")).isEqualTo(4);
  }

  @Test
  void whatTheBucketDoesNotHoldIsOwedUpToItsCapacity() {
    Exchange first = request();
    left(first);
    answer(first, "X-Cost", "1000000");
    millis.addAndGet(1_000);

    Rejection rejection = Requests.rejection(Requests.settle(enforcer.enforce(request())).join());

    // It owed 10, a second brought one, and 2 are needed.
    assertThat(rejection.headers()).contains(new Rejection.Header("Retry-After", "11"));
    assertThat(rejection.headers().toString()).contains("r=0");
    millis.addAndGet(11_000);
    assertThat(left(request())).contains("r=0");
  }

  @Test
  void aRequestThatIsRefusedHasNoAnswerToCount() {
    for (int i = 0; i < 5; i++) {
      left(request());
    }
    Exchange refused = request();
    assertThat(Requests.settle(enforcer.enforce(refused)).join()).isNotEqualTo(Verdict.PROCEED);
    assertThat(reports("read") + reports("absent")).isZero();
  }

  @Test
  void withoutTheStoreTheFieldIsTakenOutAllTheSame() {
    Exchange first = request();
    left(first);
    store.goDown();
    assertThat(answer(first, "X-Cost", "7").contains("x-cost")).isFalse();
  }
}
