package dev.weir.auth.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRotationTest {
  private static final KeyPace PACE = KeyPace.USUAL;
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  @Test
  void makesOneActiveKeyForEveryUseAtFirst() {
    assertThat(KeyRotation.due(List.of(), PACE, NOW))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(KeyUse.values())
                .map(use -> (KeyChange) new KeyChange.Create(use, KeyState.ACTIVE))
                .toList());
  }

  @Test
  void publishesTheNextSigningKeyLongBeforeItIsDue() {
    assertThat(KeyRotation.due(keys(Duration.ZERO), PACE, NOW))
        .containsExactly(new KeyChange.Create(KeyUse.SIGN, KeyState.NEXT));
  }

  @Test
  void promotesAfterThirtyDaysButNeverAKeyThatCachesMayNotKnow() {
    var old = Duration.ofDays(30);
    assertThat(KeyRotation.due(with(keys(old), next(Duration.ofMinutes(9))), PACE, NOW)).isEmpty();
    assertThat(KeyRotation.due(with(keys(old.minusSeconds(1)), next(old)), PACE, NOW)).isEmpty();
    assertThat(KeyRotation.due(with(keys(old), next(Duration.ofMinutes(10))), PACE, NOW))
        .containsExactly(
            new KeyChange.Move("active", KeyState.RETIRING),
            new KeyChange.Move("next", KeyState.ACTIVE),
            new KeyChange.Create(KeyUse.SIGN, KeyState.NEXT));
  }

  @Test
  void rotatesAtOnceWhenForcedIfTheNextKeyIsKnownEverywhere() {
    assertThat(
            KeyRotation.forced(
                with(keys(Duration.ZERO), next(Duration.ofMinutes(10))), KeyUse.SIGN, PACE, NOW))
        .hasSize(3);
    assertThat(
            KeyRotation.forced(
                with(keys(Duration.ZERO), next(Duration.ofMinutes(9))), KeyUse.SIGN, PACE, NOW))
        .isEmpty();
  }

  @Test
  void promotesSoonerWhereKeysNeedBeKnownForLess() {
    var quick = new KeyPace(Duration.ofSeconds(8));
    var early = with(keys(Duration.ZERO), next(Duration.ofSeconds(7)));
    assertThat(KeyRotation.forced(early, KeyUse.SIGN, quick, NOW)).isEmpty();
    var known = with(keys(Duration.ZERO), next(Duration.ofSeconds(8)));
    assertThat(KeyRotation.forced(known, KeyUse.SIGN, quick, NOW)).hasSize(3);
  }

  @Test
  void isKnownToEveryInstanceAndThenToEveryCacheBeforeItSigns() {
    for (var ahead : List.of(Duration.ofSeconds(4), Duration.ofMinutes(10), Duration.ofHours(1))) {
      var pace = new KeyPace(ahead);
      assertThat(pace.pause().plus(pace.maxAge())).isLessThan(ahead);
    }
    assertThat(PACE.maxAge()).isEqualTo(Duration.ofMinutes(5));
    assertThat(PACE.pause()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void retiresAKeyOnceItsLastTokenHasExpired() {
    var keys = with(keys(Duration.ZERO), next(Duration.ZERO));
    assertThat(
            KeyRotation.due(
                with(keys, key("old", KeyState.RETIRING, Duration.ofMinutes(9))), PACE, NOW))
        .isEmpty();
    assertThat(
            KeyRotation.due(
                with(keys, key("old", KeyState.RETIRING, Duration.ofMinutes(10))), PACE, NOW))
        .containsExactly(new KeyChange.Move("old", KeyState.RETIRED));
  }

  @Test
  void givesAKeyThatThingsAreStoredUnderASuccessorThatEveryInstanceKnowsFirst() {
    var calm = with(keys(Duration.ZERO), next(Duration.ZERO));
    assertThat(KeyRotation.forced(calm, KeyUse.PEPPER, PACE, NOW))
        .containsExactly(new KeyChange.Create(KeyUse.PEPPER, KeyState.NEXT));
    var early = with(calm, pepper("p2", KeyState.NEXT, Duration.ofMinutes(9)));
    assertThat(KeyRotation.forced(early, KeyUse.PEPPER, PACE, NOW)).isEmpty();
    assertThat(KeyRotation.due(early, PACE, NOW)).isEmpty();
    assertThat(
            KeyRotation.due(
                with(calm, pepper("p2", KeyState.NEXT, Duration.ofMinutes(10))), PACE, NOW))
        .containsExactly(
            new KeyChange.Move("pepper", KeyState.RETIRING),
            new KeyChange.Move("p2", KeyState.ACTIVE));
  }

  @Test
  void keepsAKeyOfCookiesUntilTheLastCookieHasEnded() {
    var calm = with(keys(Duration.ZERO), next(Duration.ZERO));
    assertThat(KeyRotation.forced(calm, KeyUse.CSRF, PACE, NOW))
        .containsExactly(new KeyChange.Create(KeyUse.CSRF, KeyState.NEXT));
    assertThat(retiringFor(calm, KeyUse.CSRF, Duration.ofDays(29))).isEmpty();
    assertThat(retiringFor(calm, KeyUse.CSRF, Duration.ofDays(30))).hasSize(1);
    assertThat(retiringFor(calm, KeyUse.DEVICE, Duration.ofDays(179))).isEmpty();
    assertThat(retiringFor(calm, KeyUse.DEVICE, Duration.ofDays(180)))
        .containsExactly(new KeyChange.Move("old", KeyState.RETIRED));
    assertThat(retiringFor(calm, KeyUse.AUDIT, Duration.ofHours(23))).isEmpty();
    assertThat(retiringFor(calm, KeyUse.AUDIT, Duration.ofDays(1))).hasSize(1);
  }

  @Test
  void withdrawsASucceededKeyThatNothingIsStoredUnder() {
    for (var use : KeyUse.values()) {
      var keys = with(keys(Duration.ZERO), stored("old", use, KeyState.RETIRING, Duration.ZERO));
      boolean isWithdrawn = !KeyRotation.withdrawn(keys, "old").isEmpty();
      assertThat(isWithdrawn)
          .as(use.name())
          .isEqualTo(List.of(KeyUse.SIGN, KeyUse.CSRF, KeyUse.DEVICE).contains(use));
    }
    var calm = with(keys(Duration.ZERO), next(Duration.ZERO));
    assertThat(KeyRotation.withdrawn(calm, "csrf")).as("it signs").isEmpty();
    assertThat(KeyRotation.withdrawn(calm, "next")).as("it will").isEmpty();
    assertThat(KeyRotation.withdrawn(calm, "another")).isEmpty();
  }

  @Test
  void letsANextKeyOfCookiesTakeOverOnceEveryInstanceKnowsIt() {
    var calm = with(keys(Duration.ZERO), next(Duration.ZERO));
    var coming = stored("c2", KeyUse.CSRF, KeyState.NEXT, Duration.ofMinutes(10));
    assertThat(KeyRotation.due(with(calm, coming), PACE, NOW))
        .containsExactly(
            new KeyChange.Move("csrf", KeyState.RETIRING),
            new KeyChange.Move("c2", KeyState.ACTIVE));
  }

  private static List<KeyChange> retiringFor(List<StoredKey> calm, KeyUse use, Duration age) {
    return KeyRotation.due(with(calm, stored("old", use, KeyState.RETIRING, age)), PACE, NOW);
  }

  @Test
  void leavesARetiringPepperToWhoeverKnowsWhatIsUnderIt() {
    var calm = with(keys(Duration.ZERO), next(Duration.ZERO));
    var retiring = pepper("p0", KeyState.RETIRING, Duration.ofDays(400));
    assertThat(KeyRotation.due(with(calm, retiring), PACE, NOW)).isEmpty();
  }

  @Test
  void sealsUnderAnotherKeyAfterAYear() {
    assertThat(KeyRotation.due(with(keys(Duration.ofDays(365)), next(Duration.ZERO)), PACE, NOW))
        .containsExactly(new KeyChange.Create(KeyUse.FIELD, KeyState.NEXT));
    assertThat(KeyRotation.due(with(keys(Duration.ofDays(364)), next(Duration.ZERO)), PACE, NOW))
        .isEmpty();
  }

  private static StoredKey pepper(String kid, KeyState state, Duration age) {
    return stored(kid, KeyUse.PEPPER, state, age);
  }

  private static StoredKey stored(String kid, KeyUse use, KeyState state, Duration age) {
    return new StoredKey(kid, use, state, new byte[32], NOW.minus(age));
  }

  private static List<StoredKey> keys(Duration age) {
    var keys = new ArrayList<StoredKey>();
    for (var use : KeyUse.values()) {
      var kid = use == KeyUse.SIGN ? "active" : use.column();
      keys.add(new StoredKey(kid, use, KeyState.ACTIVE, new byte[32], NOW.minus(age)));
    }
    return keys;
  }

  private static StoredKey next(Duration age) {
    return key("next", KeyState.NEXT, age);
  }

  private static StoredKey key(String kid, KeyState state, Duration age) {
    return new StoredKey(kid, KeyUse.SIGN, state, new byte[32], NOW.minus(age));
  }

  private static List<StoredKey> with(List<StoredKey> keys, StoredKey more) {
    var all = new ArrayList<>(keys);
    all.add(more);
    return all;
  }
}
