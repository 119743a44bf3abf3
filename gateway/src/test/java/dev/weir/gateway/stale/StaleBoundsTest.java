package dev.weir.gateway.stale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.fixture.Exchanges;
import dev.weir.gateway.fixture.LeakCheck;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/** What is kept at most. */
@ExtendWith(LeakCheck.class)
final class StaleBoundsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Scene scene = new Scene();

  private static Flux<ByteBuf> parts(String... parts) {
    return Flux.just(parts).map(Exchanges::bytes);
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
}
