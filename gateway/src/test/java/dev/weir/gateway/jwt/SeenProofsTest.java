package dev.weir.gateway.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.jwt.SeenProofs.Sighting;
import org.junit.jupiter.api.Test;

class SeenProofsTest {
  private final SeenProofs seen = new SeenProofs(120, 2);

  @Test
  void knowsANameForOneSpanAtLeastAndForTwoAtMost() {
    assertThat(seen.see("a", 1000)).isEqualTo(Sighting.FIRST);
    assertThat(seen.see("a", 1119)).isEqualTo(Sighting.AGAIN);
    assertThat(seen.see("b", 1119)).isEqualTo(Sighting.FIRST);
    assertThat(seen.see("b", 1120)).as("after a turn").isEqualTo(Sighting.AGAIN);
    assertThat(seen.see("b", 1239)).isEqualTo(Sighting.AGAIN);
    assertThat(seen.see("b", 1240)).isEqualTo(Sighting.FIRST);
  }

  @Test
  void saysThatItIsFullRatherThanForget() {
    seen.see("a", 1000);
    seen.see("b", 1000);
    assertThat(seen.see("c", 1000)).isEqualTo(Sighting.FULL);
    assertThat(seen.see("a", 1000)).isEqualTo(Sighting.AGAIN);
    assertThat(seen.see("c", 1130)).as("after a turn").isEqualTo(Sighting.FIRST);
  }

  @Test
  void beginsAnewAfterALongSilenceOrWhenTheClockWasSetBack() {
    seen.see("a", 1000);
    assertThat(seen.see("a", 5000)).isEqualTo(Sighting.FIRST);
    assertThat(seen.see("b", 900)).isEqualTo(Sighting.FIRST);
  }
}
