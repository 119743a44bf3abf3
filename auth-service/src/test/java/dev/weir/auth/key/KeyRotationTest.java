package dev.weir.auth.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRotationTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  @Test
  void makesOneActiveKeyForEveryUseAtFirst() {
    assertThat(KeyRotation.due(List.of(), NOW))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(KeyUse.values())
                .map(use -> (KeyChange) new KeyChange.Create(use, KeyState.ACTIVE))
                .toList());
  }

  @Test
  void publishesTheNextSigningKeyLongBeforeItIsDue() {
    assertThat(KeyRotation.due(keys(Duration.ZERO), NOW))
        .containsExactly(new KeyChange.Create(KeyUse.SIGN, KeyState.NEXT));
  }

  @Test
  void promotesAfterThirtyDaysButNeverAKeyThatCachesMayNotKnow() {
    var old = Duration.ofDays(30);
    assertThat(KeyRotation.due(with(keys(old), next(Duration.ofMinutes(9))), NOW)).isEmpty();
    assertThat(KeyRotation.due(with(keys(old.minusSeconds(1)), next(old)), NOW)).isEmpty();
    assertThat(KeyRotation.due(with(keys(old), next(Duration.ofMinutes(10))), NOW))
        .containsExactly(
            new KeyChange.Move("active", KeyState.RETIRING),
            new KeyChange.Move("next", KeyState.ACTIVE),
            new KeyChange.Create(KeyUse.SIGN, KeyState.NEXT));
  }

  @Test
  void rotatesAtOnceWhenForcedIfTheNextKeyIsKnownEverywhere() {
    assertThat(KeyRotation.forced(with(keys(Duration.ZERO), next(Duration.ofMinutes(10))), NOW))
        .hasSize(3);
    assertThat(KeyRotation.forced(with(keys(Duration.ZERO), next(Duration.ofMinutes(9))), NOW))
        .isEmpty();
  }

  @Test
  void retiresAKeyOnceItsLastTokenHasExpired() {
    var keys = with(keys(Duration.ZERO), next(Duration.ZERO));
    assertThat(
            KeyRotation.due(with(keys, key("old", KeyState.RETIRING, Duration.ofMinutes(9))), NOW))
        .isEmpty();
    assertThat(
            KeyRotation.due(with(keys, key("old", KeyState.RETIRING, Duration.ofMinutes(10))), NOW))
        .containsExactly(new KeyChange.Move("old", KeyState.RETIRED));
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
