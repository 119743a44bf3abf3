package dev.weir.auth.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SucceededKeysTest {
  private static final Instant CUT = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant THEN = CUT.minus(Duration.ofDays(3));

  @Test
  void readsWhatItWroteInOneOrder() {
    var keys = new SucceededKeys(Map.of("b", THEN, "a", CUT));
    assertThat(keys.text()).isEqualTo("a 2026-11-01T00:00:00Z, b 2026-10-29T00:00:00Z");
    assertThat(SucceededKeys.parse(keys.text())).isEqualTo(keys);
    assertThat(SucceededKeys.NONE.text()).isEmpty();
    assertThat(SucceededKeys.parse("")).isEqualTo(SucceededKeys.NONE);
  }

  @Test
  void leavesAKeyToTheLinksThatStayWhereTheyShowItsSuccessor() {
    var late = CUT.minus(Duration.ofHours(23));
    var keys = SucceededKeys.NONE.and(Map.of("gone", THEN, "late", late, "later", CUT), CUT);
    assertThat(keys.since()).containsOnlyKeys("gone");
  }

  @Test
  void believesTheAnchorBeforeOfWhenAKeyWasSucceeded() {
    var keys = new SucceededKeys(Map.of("old", THEN));
    assertThat(keys.and(Map.of("old", THEN.plusSeconds(1)), CUT)).isEqualTo(keys);
    assertThat(keys.and(Map.of(), CUT)).isEqualTo(keys);
  }
}
