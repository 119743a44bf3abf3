package dev.weir.drills.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.drills.timeline.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class RedisRestartDrillTest {
  private static final Leavers.Facts TOLD = new Leavers.Facts(20, 20, 900, 0);

  @Test
  void passesWhereNobodyNoticesAndLeaversAreRefusedInTheEnd() {
    assertThat(missed(Map.of(), TOLD)).isEmpty();
  }

  @Test
  void failsWhereALimitAnswersForItsLostStore() {
    IntFunction<Outcome> once =
        second -> second == 12 ? Outcome.refused(503, "limit-unavailable") : Outcome.good(200);
    assertThat(missed(Map.of("orders", once), TOLD)).containsExactly("answers 5xx");
  }

  @Test
  void failsWhereNobodyCanLogInWithoutIt() {
    IntFunction<Outcome> never =
        second -> second >= 9 && second < 18 ? Outcome.failed("no answer") : Outcome.good(200);
    assertThat(missed(Map.of("logins", never), TOLD))
        .containsExactly("logins while it was away", "requests that failed in other ways");
  }

  @Test
  void failsWhereTheGatewayHearsLateOrNever() {
    assertThat(missed(Map.of(), new Leavers.Facts(20, 20, 6_000, 1)))
        .containsExactly(
            "until their tokens were refused, from when it was back",
            "tokens of theirs still taken then");
  }

  private static List<String> missed(
      Map<String, IntFunction<Outcome>> other, Leavers.Facts leavers) {
    var lanes = new HashMap<String, IntFunction<Outcome>>();
    for (var lane : List.of("orders", "refreshes", "logins", "logouts")) {
      lanes.put(lane, _ -> Outcome.good(204));
    }
    lanes.putAll(other);
    return Runs.missed(RedisRestartDrill.judge(Runs.of(lanes), leavers));
  }
}
