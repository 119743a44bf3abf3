package dev.weir.auth.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Refused;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class SeenProofsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Set<String> shared = ConcurrentHashMap.newKeySet();
  private boolean away;
  private final SeenProofs seen = instance(2);

  private SeenProofs instance(int bound) {
    return new SeenProofs(
        (name, kept) ->
            away ? Mono.error(new IllegalStateException("gone")) : Mono.just(shared.add(name)),
        new AuthMetrics(meters),
        bound);
  }

  private static boolean first(SeenProofs seen, String name) {
    return seen.first(name).blockOptional().orElseThrow();
  }

  @Test
  void takesANameOnceHereAndOnceEverywhere() {
    assertThat(first(seen, "a")).isTrue();
    assertThat(first(seen, "a")).isFalse();
    assertThat(first(instance(2), "a")).isFalse();
  }

  @Test
  void decidesAloneWhileTheSharedMemoryIsAway() {
    assertThat(first(seen, "before")).isTrue();
    away = true;
    assertThat(first(seen, "during")).isTrue();
    assertThat(first(seen, "before")).isFalse();
    assertThat(first(seen, "during")).isFalse();
    assertThat(meters.counter("weir.auth.proofs", "outcome", "local").count()).isEqualTo(1);
  }

  @Test
  void refusesWhatItCouldNotTellFromARepetition() {
    first(seen, "a");
    first(seen, "b");
    assertThat(first(seen, "c")).as("the shared memory has room").isTrue();
    away = true;
    seen.first("d")
        .as(reactor.test.StepVerifier::create)
        .expectErrorMatches(
            error ->
                error instanceof Refused refused
                    && refused.problem().error() == AuthError.OVERLOADED)
        .verify();
  }
}
