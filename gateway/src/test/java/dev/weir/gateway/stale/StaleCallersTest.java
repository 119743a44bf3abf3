package dev.weir.gateway.stale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.LastAnswers;
import dev.weir.gateway.route.KeyPart;
import dev.weir.gateway.route.Limit;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody gets what was made for another, or for another question. */
final class StaleCallersTest {
  private static final String HOST = "shop.example";

  private final Scene scene = new Scene();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Basic YTpi",
        "cookie: session=1",
        "X-API-Key: k1",
        "api-key: k1",
        "x-auth-token: t",
        "x-access-token: t"
      })
  void keepsNothingOfWhoSaysWhoAsks(String credential) {
    scene.served(scene.get("/a", credential), Scene.ok("of one"));
    scene.served(scene.get("/a", credential), Scene.ok("of one", "cache-control: max-age=60"));

    assertThat(scene.found(scene.get("/a"))).isEmpty();
    assertThat(scene.found(scene.get("/a", credential))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"public", "s-maxage=60"})
  void keepsWhatTheUpstreamSaysIsForAll(String directive) {
    scene.served(
        Scene.by("ada", scene.get("/a", "authorization: Bearer x")),
        Scene.ok("of all", "cache-control: " + directive));

    assertThat(scene.found(Scene.by("bob", scene.get("/a")))).contains("of all");
    assertThat(scene.found(scene.get("/a"))).contains("of all");
  }

  @Test
  void keepsNothingOfAVerifiedCallerAndGivesOneNothingOfStrangers() {
    scene.served(Scene.by("ada", scene.get("/a")), Scene.ok("of ada"));
    assertThat(scene.found(Scene.by("bob", scene.get("/a")))).isEmpty();
    assertThat(scene.found(scene.get("/a"))).isEmpty();

    scene.served(scene.get("/a"), Scene.ok("of a stranger"));
    assertThat(scene.found(Scene.by("ada", scene.get("/a")))).isEmpty();
    assertThat(scene.found(scene.get("/a", "cookie: a=b"))).isEmpty();
    assertThat(scene.found(scene.get("/a"))).contains("of a stranger");
  }

  @Test
  void takesTheFieldOfARoutesLimitForWhoAsks() {
    Limit byTenant =
        new Limit(
            "l",
            Limit.Key.of(new KeyPart.Header("x-tenant")),
            10,
            Duration.ofSeconds(1),
            10,
            Limit.OnRedisLoss.OPEN);
    LastAnswers shelf = scene.answers().of(Scene.limited(Scene.route(), byTenant));
    Scene.read(shelf.keep(scene.get("/a", "x-tenant: one"), Scene.ok("of one")));

    assertThat(shelf.find(scene.get("/a"))).isEmpty();
    assertThat(shelf.find(scene.get("/a", "x-tenant: two"))).isEmpty();
  }

  @Test
  void doesNotLetOneCallerTakeAnswersFromAll() {
    scene.served(scene.get("/a"), Scene.ok("of all"));
    scene.served(scene.get("/a", "cookie: a=b"), Scene.answer(404, "not for you"));
    scene.served(scene.get("/a", "cookie: a=b"), Scene.ok("mine", "cache-control: private"));

    assertThat(scene.found(scene.get("/a"))).contains("of all");
  }

  @Test
  void keepsNothingThatSetsACookieOrIsAPart() {
    scene.served(
        scene.get("/cookie"), Scene.ok("one", "set-cookie: id=1", "cache-control: public"));
    scene.served(scene.get("/part"), Scene.ok("o", "content-range: bytes 0-0/3"));
    scene.served(scene.get("/lenient", "range: bytes=0-0"), Scene.ok("o"));
    scene.served(scene.get("/partial"), Scene.answer(206, "o"));
    scene.served(scene.get("/events"), Scene.ok("o", "content-type: Text/Event-Stream;x=y"));

    for (String path : new String[] {"/cookie", "/part", "/lenient", "/partial", "/events"}) {
      assertThat(scene.found(scene.get(path))).as(path).isEmpty();
    }
  }

  @Test
  void givesTheWholeToWhoAsksForAPart() {
    scene.served(scene.get("/a"), Scene.ok("whole"));

    assertThat(scene.found(scene.get("/a", "range: bytes=1-2"))).contains("whole");
  }

  @Test
  void answersHeadFromGetButNeverGetFromHead() {
    scene.served(scene.ask(HttpMethod.HEAD, HOST, "/a"), Scene.ok(""));
    assertThat(scene.found(scene.get("/a"))).isEmpty();

    scene.served(scene.get("/a"), Scene.ok("one"));
    var head = scene.shelf().find(scene.ask(HttpMethod.HEAD, HOST, "/a")).orElseThrow();
    assertThat(head.headers().get("content-length")).isEqualTo("3");
    assertThat(Scene.read(head)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
  void answersNoOtherMethod(String method) {
    scene.served(scene.get("/a"), Scene.ok("one"));

    assertThat(scene.found(scene.ask(HttpMethod.valueOf(method), HOST, "/a"))).isEmpty();
  }

  @Test
  void honoursWhatTheRequestSays() {
    scene.served(scene.get("/secret", "cache-control: no-store"), Scene.ok("one"));
    assertThat(scene.found(scene.get("/secret"))).isEmpty();

    scene.served(scene.get("/a"), Scene.ok("one"));
    assertThat(scene.found(scene.get("/a", "cache-control: no-cache"))).isEmpty();
    assertThat(scene.found(scene.get("/a", "pragma: no-cache"))).isEmpty();
    assertThat(scene.found(scene.get("/a", "if-match: \"1\""))).isEmpty();
    assertThat(scene.found(scene.get("/a", "if-unmodified-since: x"))).isEmpty();
    assertThat(scene.found(scene.get("/a", "cache-control: max-age=0", "if-none-match: \"1\"")))
        .contains("one");
  }
}
