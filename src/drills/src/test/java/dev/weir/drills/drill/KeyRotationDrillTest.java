package dev.weir.drills.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.drills.timeline.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class KeyRotationDrillTest {
  private static final SigningKeys.Facts SEEN = new SigningKeys.Facts(5, 5, 40);

  private final SigningKeys keys = new SigningKeys();

  @Test
  void passesWhereNobodyNoticesAndEveryKeySigned() {
    assertThat(missed(Map.of(), SEEN)).isEmpty();
  }

  @Test
  void failsWhereOneTokenIsRefused() {
    IntFunction<Outcome> once = second -> second == 12 ? refused(401, "token-invalid") : good();
    assertThat(missed(Map.of("orders", once), SEEN)).containsExactly("answers 401");
  }

  @Test
  void failsWhereSomebodyMustComeBackLater() {
    IntFunction<Outcome> once =
        second -> second == 12 ? refused(503, "identity-unavailable") : good();
    assertThat(missed(Map.of("orders", once), SEEN)).containsExactly("answers 5xx");
  }

  @Test
  void failsWhereARotationDidNotHappen() {
    assertThat(missed(Map.of(), new SigningKeys.Facts(4, 4, 40)))
        .containsExactly("keys that signed, one for each rotation and the first");
  }

  @Test
  void failsWhereTokensOfAKeyWereNeverTaken() {
    assertThat(missed(Map.of(), new SigningKeys.Facts(5, 4, 0)))
        .containsExactly(
            "of them, keys whose tokens the gateway took",
            "tokens taken after their key was turned over");
  }

  @Test
  void countsATokenAsOldOnceALaterKeySigned() {
    keys.given(token("first"));
    answer(good());
    assertThat(keys.facts()).isEqualTo(new SigningKeys.Facts(1, 1, 0));
    keys.given(token("second"));
    assertThat(keys.facts()).isEqualTo(new SigningKeys.Facts(2, 1, 0));
    answer(good());
    answer(good());
    assertThat(keys.facts()).isEqualTo(new SigningKeys.Facts(2, 2, 1));
  }

  @Test
  void countsNoTokenThatWasRefused() {
    keys.given(token("first"));
    answer(refused(401, "token-invalid"));
    assertThat(keys.facts()).isEqualTo(new SigningKeys.Facts(1, 0, 0));
  }

  private void answer(Outcome outcome) {
    keys.next().orElseThrow().ear().hear(outcome, "");
  }

  private static String token(String kid) {
    var head = "{\"alg\":\"RS256\",\"kid\":\"%s\",\"typ\":\"at+jwt\"}".formatted(kid);
    var bytes = head.getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + ".e30.c2ln";
  }

  private static List<String> missed(
      Map<String, IntFunction<Outcome>> other, SigningKeys.Facts facts) {
    var lanes = new HashMap<String, IntFunction<Outcome>>();
    for (var lane : List.of("orders", "refreshes", "logins")) {
      lanes.put(lane, _ -> good());
    }
    lanes.putAll(other);
    return Runs.missed(KeyRotationDrill.judge(Runs.of(lanes), facts, 5));
  }

  private static Outcome good() {
    return Outcome.good(200);
  }

  private static Outcome refused(int status, String code) {
    return Outcome.refused(status, code);
  }
}
