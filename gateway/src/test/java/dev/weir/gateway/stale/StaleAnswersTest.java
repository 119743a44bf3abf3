package dev.weir.gateway.stale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.Fallback;
import dev.weir.gateway.route.Limit;
import dev.weir.gateway.route.Route;
import dev.weir.gateway.route.Source;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** What is kept, for how long, and within which bounds. */
@ExtendWith(LeakCheck.class)
final class StaleAnswersTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Scene scene = new Scene();

  private static Flux<ByteBuf> parts(String... parts) {
    return Flux.just(parts).map(Exchanges::bytes);
  }

  @Test
  void givesTheLastGoodAnswerMarkedWithItsAge() {
    scene.served(
        scene.get("/a"),
        Scene.ok("one", "age: 5", "etag: \"1\"", "date: Sat, 21 Nov 2026 00:00:00 GMT"));
    scene.pass(Duration.ofSeconds(61));

    UpstreamResponse answer = scene.shelf().find(scene.get("/a")).orElseThrow();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers())
        .extracting(Map.Entry::getKey, Map.Entry::getValue)
        .containsExactlyInAnyOrder(
            tuple("etag", "\"1\""),
            tuple("date", "Sat, 21 Nov 2026 00:00:00 GMT"),
            tuple("content-length", "3"),
            tuple("age", "66"));
    assertThat(Scene.read(answer)).isEqualTo("one");
  }

  @Test
  void countsTheTimeOfTheAnswerItselfAndDatesIt() {
    Exchange slow = scene.get("/a");
    scene.pass(Duration.ofSeconds(3));
    scene.served(slow, Scene.ok("one"));

    HttpHeaders fields = scene.shelf().find(scene.get("/a")).orElseThrow().headers();
    assertThat(fields.get("age")).isEqualTo("3");
    assertThat(fields.get("date")).isEqualTo("Sun, 22 Nov 2026 00:00:00 GMT");
  }

  @Test
  void givesNothingThatIsTooOld() {
    scene.served(scene.get("/route"), Scene.ok("one"));
    scene.served(scene.get("/answer"), Scene.ok("two", "cache-control: stale-if-error=60"));
    scene.served(scene.get("/already"), Scene.ok("three", "age: 600"));
    assertThat(scene.found(scene.get("/already"))).isEmpty();

    scene.pass(Duration.ofSeconds(59));
    assertThat(scene.found(scene.get("/answer"))).contains("two");
    scene.pass(SECOND);
    assertThat(scene.found(scene.get("/answer"))).isEmpty();
    scene.pass(Duration.ofSeconds(539));
    assertThat(scene.found(scene.get("/route"))).contains("one");
    scene.pass(SECOND);
    assertThat(scene.found(scene.get("/route"))).isEmpty();
  }

  @Test
  void keepsABodyThatComesInParts() {
    String large = "x".repeat(20_000);
    scene.served(scene.get("/chunks"), Scene.streamed(parts("a", large, "b")));
    scene.served(scene.get("/length"), Scene.streamed(parts("a", "bc"), "content-length: 3"));
    scene.served(scene.get("/none"), Scene.streamed(Flux.empty()));

    assertThat(scene.found(scene.get("/chunks"))).contains("a" + large + "b");
    assertThat(scene.found(scene.get("/length"))).contains("abc");
    assertThat(scene.found(scene.get("/none"))).contains("");
  }

  @Test
  void keepsNothingThatEndsEarly() {
    Flux<ByteBuf> broken = parts("a", "b").concatWith(Flux.error(new IllegalStateException()));
    UpstreamResponse passed = scene.shelf().keep(scene.get("/error"), Scene.streamed(broken));
    assertThat(passed.body()).isInstanceOf(UpstreamResponse.Body.Stream.class);
    ((UpstreamResponse.Body.Stream) passed.body())
        .content()
        .subscribe(ByteBuf::release, error -> {});
    Flux<ByteBuf> endless = parts("a", "b").concatWith(Flux.never());
    scene.shelf().keep(scene.get("/gone"), Scene.streamed(endless)).discard();
    scene.served(scene.get("/short"), Scene.streamed(parts("a"), "content-length: 2"));

    assertThat(scene.found(scene.get("/error"))).isEmpty();
    assertThat(scene.found(scene.get("/gone"))).isEmpty();
    assertThat(scene.found(scene.get("/short"))).isEmpty();
  }

  @Test
  void keepsNoAnswerWithFieldsBehindItsBody() {
    HttpHeaders trailers = new DefaultHttpHeaders().add("digest", "x");
    scene.served(
        scene.get("/a"),
        new UpstreamResponse(
            200,
            new DefaultHttpHeaders(),
            new UpstreamResponse.Body.Stream(parts("a"), () -> trailers)));

    assertThat(scene.found(scene.get("/a"))).isEmpty();
  }

  @Test
  void keepsNoAnswerBeyondTheBoundOfOne() {
    String most = "x".repeat(64 * 1024 - "content-length".length() - "65517".length());
    scene.served(scene.get("/most"), Scene.ok(most));
    scene.served(scene.get("/more"), Scene.ok(most + "xxxxx"));
    scene.served(scene.get("/parts"), Scene.streamed(parts(most, "x".repeat(100))));
    scene.served(scene.get("/head"), Scene.ok("a", "x-large: " + "x".repeat(64 * 1024)));

    assertThat(scene.found(scene.get("/most"))).contains(most);
    assertThat(scene.found(scene.get("/more"))).isEmpty();
    assertThat(scene.found(scene.get("/parts"))).isEmpty();
    assertThat(scene.found(scene.get("/head"))).isEmpty();
  }

  @Test
  void boundsWhatCopiesUnderWayTake() {
    Scene small = new Scene(128 * 1024);
    List<Sinks.Many<ByteBuf>> bodies =
        Stream.generate(() -> Sinks.many().unicast().<ByteBuf>onBackpressureBuffer())
            .limit(3)
            .toList();
    for (int i = 0; i < 3; i++) {
      UpstreamResponse passed =
          small.shelf().keep(small.get("/" + i), Scene.streamed(bodies.get(i).asFlux()));
      ((UpstreamResponse.Body.Stream) passed.body()).content().subscribe(ByteBuf::release);
      bodies.get(i).tryEmitNext(Exchanges.bytes("x".repeat(16 * 1024)));
    }
    bodies.forEach(Sinks.Many::tryEmitComplete);

    // A quarter of 128 KiB, which two of them filled.
    assertThat(small.found(small.get("/0"))).isPresent();
    assertThat(small.found(small.get("/1"))).isPresent();
    assertThat(small.found(small.get("/2"))).isEmpty();
    small.served(small.get("/2"), Scene.streamed(parts("again")));
    assertThat(small.found(small.get("/2"))).contains("again");
  }

  @Test
  void boundsWhatIsKeptInAll() {
    for (int i = 0; i < 200; i++) {
      scene.served(scene.get("/" + i), Scene.ok("x".repeat(8 * 1024)));
    }

    assertThat(scene.gauge("weir.stale.bytes")).isBetween(500_000.0, 768 * 1024.0);
    assertThat(scene.gauge("weir.stale.answers")).isBetween(60.0, 96.0);
  }

  @Test
  void boundsHowManyAreKeptHoweverSmall() {
    for (int i = 0; i < 2_000; i++) {
      scene.served(scene.get("/" + i), Scene.ok(""));
    }

    assertThat(scene.gauge("weir.stale.answers")).isLessThanOrEqualTo(768);
  }

  @Test
  void boundsHowManyAreKeptOfOneAddress() {
    for (int i = 0; i <= Variants.MOST; i++) {
      scene.served(scene.get("/a", "accept: " + i), Scene.ok("of " + i, "vary: accept"));
    }

    assertThat(scene.found(scene.get("/a", "accept: 0"))).isEmpty();
    assertThat(scene.found(scene.get("/a", "accept: 1"))).contains("of 1");
    assertThat(scene.found(scene.get("/a", "accept: " + Variants.MOST))).isPresent();
    assertThat(scene.gauge("weir.stale.answers")).isOne();
  }

  @Test
  void copiesAPageOnceASecond() {
    scene.served(scene.get("/a"), Scene.ok("one"));
    scene.pass(SECOND.minusNanos(1));
    scene.served(scene.get("/a"), Scene.ok("two"));
    assertThat(scene.found(scene.get("/a"))).contains("one");

    scene.pass(Duration.ofNanos(1));
    scene.served(scene.get("/a"), Scene.ok("three"));
    assertThat(scene.found(scene.get("/a"))).contains("three");
    assertThat(scene.gauge("weir.stale.answers")).isOne();
  }

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
    scene.served(
        scene.get("/a"), Scene.answer(304, "", "etag: \"1\"", "cache-control: private"));

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
  void takesTheGatewaysOwnFieldOutOfTheAnswer() {
    Cost reported = Cost.ONE.reportedIn(Optional.of("x-cost"));
    Limit limit =
        new Limit("l", Limit.Key.ADDRESS, 10, SECOND, 10, Limit.OnRedisLoss.OPEN)
            .withCost(reported);
    LastAnswers shelf = scene.answers().of(limited(Scene.route(), limit));
    Scene.read(shelf.keep(scene.get("/a"), Scene.ok("one", "X-Cost: 7", "x-other: 1")));

    HttpHeaders fields = shelf.find(scene.get("/a")).orElseThrow().headers();
    assertThat(fields.contains("x-cost")).isFalse();
    assertThat(fields.get("x-other")).isEqualTo("1");
  }

  static Route limited(Route route, Limit limit) {
    return new Route(
        route.id(),
        new Source(7, 1),
        route.match(),
        route.upstream(),
        route.priority(),
        route.authentication(),
        List.of(limit),
        route.stripPrefix(),
        route.deadline(),
        route.attemptTimeout(),
        route.retry(),
        route.maxBodyBytes(),
        route.filters(),
        route.hedge(),
        route.fallback(),
        route.maxWebSockets(),
        route.brownOut());
  }

  @Test
  void keepsItOverAReloadThatLeavesTheRouteAlone() {
    Route route = Scene.route();
    Limit limit = new Limit("l", Limit.Key.ADDRESS, 10, SECOND, 10, Limit.OnRedisLoss.OPEN);
    Route moved = limited(route, limit);
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
