package dev.weir.gateway.stale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks;

/** What ends or renews a kept answer: the upstream, its clients and the route file. */
@ExtendWith(LeakCheck.class)
final class StaleForgettingTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Scene scene = new Scene();

  @ParameterizedTest
  @CsvSource({
    "404,''",
    "410,''",
    "200,no-store",
    "200,private",
    "200,no-cache",
    "200,must-revalidate"
  })
  void forgetsWhatTheUpstreamNoLongerGivesToAll(int status, String cacheControl) {
    scene.served(scene.get("/a"), Scene.ok("one"));
    scene.served(scene.get("/a"), Scene.answer(status, "", "cache-control: " + cacheControl));

    assertThat(scene.found(scene.get("/a"))).isEmpty();
  }

  @Test
  void renewsWhatTheUpstreamSaysIsUnchanged() {
    Duration most = Scene.WITHIN.minus(SECOND);
    scene.served(scene.get("/a"), Scene.ok("one", "etag: \"1\"", "x-a: old", "content-type: a/b"));
    scene.pass(most);
    scene.served(
        scene.get("/a", "if-none-match: \"1\""),
        Scene.answer(304, "", "ETag: \"1\"", "X-A: new", "content-type: c/d", "age: 5"));
    scene.pass(most.minusSeconds(5));

    UpstreamResponse answer = scene.shelf().find(scene.get("/a")).orElseThrow();
    assertThat(answer.headers().get("age")).isEqualTo("599");
    assertThat(answer.headers().getAll("x-a")).containsExactly("new");
    assertThat(answer.headers().getAll("content-type")).containsExactly("a/b");
    assertThat(answer.headers().getAll("content-length")).containsExactly("3");
    assertThat(Scene.read(answer)).isEqualTo("one");
  }

  @Test
  void renewsNothingByAnswersThatSpeakOfAnotherOrForOne() {
    scene.served(scene.get("/a"), Scene.ok("one", "etag: \"1\""));
    scene.pass(Scene.WITHIN.minus(SECOND));
    scene.served(scene.get("/a"), Scene.answer(304, "", "etag: \"2\""));
    scene.served(scene.get("/a"), Scene.answer(304, ""));
    scene.served(scene.get("/a", "cookie: a=b"), Scene.answer(304, "", "etag: \"1\""));
    scene.served(scene.get("/b"), Scene.answer(304, "", "etag: \"1\""));
    assertThat(scene.found(scene.get("/a"))).contains("one");

    scene.pass(SECOND);
    assertThat(scene.found(scene.get("/a"))).isEmpty();
    assertThat(scene.found(scene.get("/b"))).isEmpty();
  }

  @Test
  void forgetsWhatIsUnchangedAndNoLongerForAll() {
    scene.served(scene.get("/a"), Scene.ok("one", "etag: \"1\""));
    scene.served(scene.get("/a"), Scene.answer(304, "", "etag: \"1\"", "cache-control: private"));

    assertThat(scene.found(scene.get("/a"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {206, 301, 304, 400, 401, 403, 429, 500, 502, 503, 504})
  void leavesItAsItIsForOtherAnswers(int status) {
    scene.served(scene.get("/a"), Scene.ok("one"));
    scene.pass(Duration.ofSeconds(2));
    scene.served(scene.get("/a"), Scene.answer(status, "two"));

    assertThat(scene.found(scene.get("/a"))).contains("one");
  }

  @Test
  void forgetsWhatSomebodyChanges() {
    scene.served(scene.get("/a"), Scene.ok("one"));
    scene.served(scene.ask(HttpMethod.OPTIONS, "shop.example", "/a"), Scene.answer(404, ""));
    scene.served(scene.ask(HttpMethod.POST, "shop.example", "/a"), Scene.answer(409, ""));
    scene.served(scene.ask(HttpMethod.DELETE, "shop.example", "/b"), Scene.answer(204, ""));
    assertThat(scene.found(scene.get("/a"))).contains("one");

    scene.served(
        scene.ask(HttpMethod.PUT, "shop.example", "/a", "origin: https://x"),
        Scene.answer(204, ""));
    assertThat(scene.found(scene.get("/a"))).isEmpty();
  }

  @Test
  void keepsItOverAReloadThatLeavesTheRouteAlone() {
    Route route = Scene.route();
    Limit limit = new Limit("l", Limit.Key.ADDRESS, 10, SECOND, 10, Limit.OnRedisLoss.OPEN);
    Route moved = Scene.limited(route, limit);
    scene.served(scene.get("/a"), Scene.ok("one"));
    LastAnswers next = scene.answers().of(moved);
    scene.answers().retain(List.of(moved));

    assertThat(next).isSameAs(scene.shelf());
    assertThat(scene.found(scene.get("/a"))).contains("one");
  }

  @Test
  void forgetsWhatAReloadRemovesOrSendsElsewhere() {
    scene.served(scene.get("/a"), Scene.ok("one"));
    Route elsewhere = Scene.route(9_102, Scene.route().fallback());
    LastAnswers next = scene.answers().of(elsewhere);
    scene.answers().retain(List.of(elsewhere));

    assertThat(next.find(scene.get("/a"))).isEmpty();
    assertThat(scene.found(scene.get("/a"))).isEmpty();
    assertThat(scene.gauge("weir.stale.answers")).isZero();
  }

  @Test
  void keepsNothingMoreForARouteThatIsGone() {
    Sinks.Many<ByteBuf> body = Sinks.many().unicast().onBackpressureBuffer();
    UpstreamResponse passed = scene.shelf().keep(scene.get("/a"), Scene.streamed(body.asFlux()));
    ((UpstreamResponse.Body.Stream) passed.body()).content().subscribe(ByteBuf::release);
    scene.answers().retain(List.of(Scene.route(9_101, Optional.<Fallback>empty())));
    body.tryEmitNext(Exchanges.bytes("late"));
    body.tryEmitComplete();

    assertThat(scene.gauge("weir.stale.answers")).isZero();
    LastAnswers again = scene.answers().of(Scene.route());
    assertThat(again).isNotSameAs(scene.shelf());
    assertThat(again.find(scene.get("/a"))).isEmpty();
  }
}
