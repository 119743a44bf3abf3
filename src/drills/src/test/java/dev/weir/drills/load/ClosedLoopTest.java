package dev.weir.drills.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.drills.timeline.Outcome;
import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Outcome GOOD = Outcome.good(200);
  private static final DefaultEventLoop LOOP = new DefaultEventLoop();

  private final List<String> sent = new ArrayList<>();

  @AfterAll
  static void end() {
    LOOP.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void sendsEachPersonsNextOnceTheirLastIsAnswered() {
    var over = run(LONG, GOOD, List.of("a1", "a2", "a3"), List.of("b1"));

    assertThat(over.syncUninterruptibly().getNow().count()).isEqualTo(4);
    assertThat(sent).containsExactly("a1", "b1", "a2", "a3");
  }

  @Test
  void givesTheNextOneWhatTheAnswerBrought() {
    var tokens = new ArrayDeque<>(List.of("first"));
    var call =
        new Call(
            "POST",
            "/",
            () ->
                Optional.ofNullable(tokens.poll())
                    .map(token -> new Asked("", token, (_, body) -> tokens.add(body))));
    var loop =
        new ClosedLoop(
            LOOP,
            pending -> {
              sent.add(pending.asked().body());
              if (sent.size() == 3) {
                pending.ended(Outcome.failed("enough"));
              } else {
                pending.ended(GOOD, "answer " + sent.size());
              }
            },
            List.of(call),
            LONG);

    assertThat(loop.start().awaitUninterruptibly().isSuccess()).isFalse();
    assertThat(sent).containsExactly("first", "answer 1", "answer 2");
  }

  @Test
  void sendsNothingMoreWhenTimeIsUp() {
    var over = run(Duration.ZERO, GOOD, List.of("a1", "a2"), List.of("b1", "b2"));

    assertThat(over.syncUninterruptibly().getNow().count()).isEqualTo(2);
    assertThat(sent).containsExactly("a1", "b1");
  }

  @Test
  void failsWithTheFirstAnswerThatIsNotGood() {
    var over = run(LONG, Outcome.refused(503, "overloaded"), List.of("a1", "a2"));

    assertThat(over.awaitUninterruptibly().cause()).hasMessageContaining("503 overloaded");
    assertThat(sent).containsExactly("a1");
  }

  @SafeVarargs
  private Future<Tally> run(Duration length, Outcome answer, List<String>... everybody) {
    var calls = new ArrayList<Call>();
    for (var bodies : everybody) {
      var own = new ArrayDeque<>(bodies);
      calls.add(
          new Call("GET", "/", () -> Optional.ofNullable(own.poll()).map(b -> Asked.of("", b))));
    }
    return new ClosedLoop(LOOP, pending -> answer(pending, answer), calls, length).start();
  }

  /** Later, as answers come. */
  private void answer(Pending pending, Outcome outcome) {
    sent.add(pending.asked().body());
    LOOP.execute(() -> pending.ended(outcome));
  }
}
