package dev.weir.gateway.stale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import dev.weir.gateway.route.Cost;
import dev.weir.gateway.route.Limit;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;

/** What is kept, for how long, and in which form. */
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
  void takesTheGatewaysOwnFieldOutOfTheAnswer() {
    Cost reported = Cost.ONE.reportedIn(Optional.of("x-cost"));
    Limit limit =
        new Limit("l", Limit.Key.ADDRESS, 10, SECOND, 10, Limit.OnRedisLoss.OPEN)
            .withCost(reported);
    LastAnswers shelf = scene.answers().of(Scene.limited(Scene.route(), limit));
    Scene.read(shelf.keep(scene.get("/a"), Scene.ok("one", "X-Cost: 7", "x-other: 1")));

    HttpHeaders fields = shelf.find(scene.get("/a")).orElseThrow().headers();
    assertThat(fields.contains("x-cost")).isFalse();
    assertThat(fields.get("x-other")).isEqualTo("1");
  }
}
