package dev.weir.gateway.stale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.exchange.RequestBody;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** Nobody makes what another gets: all that an upstream may go by tells answers apart. */
final class StalePoisonTest {
  private static final String HOST = "shop.example";

  private final Scene scene = new Scene();

  @Test
  void keepsAndGivesNothingWhereGetHasABody() {
    RequestBody body = new RequestBody(true, Flux.empty());
    scene.served(scene.ask(HttpMethod.GET, HOST, "/a", body), Scene.ok("by the body"));
    assertThat(scene.found(scene.get("/a"))).isEmpty();

    scene.served(scene.get("/a"), Scene.ok("one"));
    assertThat(scene.found(scene.ask(HttpMethod.GET, HOST, "/a", body))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example, /a?x=1, shop.example, /a?x=2",
    "shop.example, /a?x=1, shop.example, /a",
    "shop.example, /a?x=1&y=2, shop.example, /a?x=1;y=2",
    "shop.example, /a?x=1, shop.example, /a?X=1",
    "shop.example, /a?, shop.example, /a",
    "shop.example, /a/, shop.example, /a",
    "shop.example, /A, shop.example, /a",
    "shop.example, /a, other.example, /a"
  })
  void tellsAddressesApart(String host, String target, String otherHost, String otherTarget) {
    scene.served(scene.ask(HttpMethod.GET, host, target), Scene.ok("one"));

    assertThat(scene.found(scene.ask(HttpMethod.GET, otherHost, otherTarget))).isEmpty();
    assertThat(scene.found(scene.ask(HttpMethod.GET, host, target))).contains("one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Forwarded-Host: evil.example",
        "x-forwarded-host: shop.example:1337",
        "X-Forwarded-Scheme: http",
        "x-forwarded-port: 1337",
        "x-forwarded-prefix: /evil",
        "x-forwarded-anything: evil",
        "Forwarded: host=evil.example, for=192.0.2.1;host=\"shop.example\";proto=https",
        "origin: https://evil.example"
      })
  void isNotPoisonedByWhatUpstreamsReadBesideTheAddress(String field) {
    scene.served(scene.get("/a", field), Scene.ok("links to evil.example"));

    assertThat(scene.found(scene.get("/a"))).isEmpty();
    assertThat(scene.found(scene.get("/a", field))).isPresent();
  }

  @Test
  void isTheSameForClientsAtOtherAddresses() {
    scene.served(
        scene.get("/a", "x-forwarded-for: 198.51.100.1", "forwarded: for=198.51.100.1;host=\"x\""),
        Scene.ok("one"));

    assertThat(scene.found(scene.get("/a"))).contains("one");
  }

  @Test
  void cannotBeConfusedByALineInsideAnother() {
    scene.served(scene.get("/a", "x-forwarded-port: 1"), Scene.ok("one"));

    assertThat(scene.found(scene.get("/a?x-forwarded-port:1"))).isEmpty();
    assertThat(scene.found(scene.get("/a", "x-forwarded-port: 1x"))).isEmpty();
  }

  @Test
  void honoursVary() {
    scene.served(
        scene.get("/a", "accept-language: de", "accept: text/html"),
        Scene.ok("deutsch", "vary: Accept-Language", "Vary: accept"));
    scene.served(
        scene.get("/a", "accept-language: en", "accept: text/html"),
        Scene.ok("english", "vary: Accept-Language, Accept"));

    assertThat(scene.found(scene.get("/a", "accept-language: de", "accept: text/html")))
        .contains("deutsch");
    assertThat(scene.found(scene.get("/a", "accept-language: en", "accept: text/html")))
        .contains("english");
    assertThat(scene.found(scene.get("/a", "accept-language: de"))).isEmpty();
    assertThat(scene.found(scene.get("/a"))).isEmpty();
  }

  @Test
  void keepsNothingThatVariesByAnythingOrTooMuchOrByASecret() {
    scene.served(scene.get("/any"), Scene.ok("one", "vary: accept, *"));
    scene.served(scene.get("/many"), Scene.ok("one", "vary: a,b,c,d,e,f,g,h"));
    scene.served(scene.get("/long", "x-a: " + "x".repeat(2_000)), Scene.ok("one", "vary: x-a"));
    scene.served(
        scene.get("/secret", "cookie: id=1"),
        Scene.ok("one", "vary: cookie", "cache-control: public"));

    assertThat(scene.gauge("weir.stale.answers")).isZero();
  }

  @Test
  void lettersOfAnotherCodingReachNobodyWhoDidNotAskForThem() {
    scene.served(scene.get("/a", "accept-encoding: br"), Scene.ok("???", "content-encoding: br"));

    assertThat(scene.found(scene.get("/a"))).isEmpty();
    assertThat(scene.found(scene.get("/a", "accept-encoding: br"))).contains("???");
  }

  @Test
  void tellsRoutesApart() {
    LastAnswers other = scene.answers().of(Scene.route(9_102, Scene.route().fallback()));
    scene.served(scene.get("/a"), Scene.ok("one"));

    assertThat(other.find(scene.get("/a"))).isEmpty();
  }

  @Test
  void givesEachItsOwnBytes() {
    scene.served(scene.get("/a"), Scene.ok("one"));
    var first = scene.shelf().find(scene.get("/a")).orElseThrow();
    first.headers().set("etag", "edited");

    assertThat(Scene.read(first)).isEqualTo("one");
    var second = scene.shelf().find(scene.get("/a")).orElseThrow();
    assertThat(second.headers().contains("etag")).isFalse();
    assertThat(Scene.read(second)).isEqualTo("one");
  }
}
