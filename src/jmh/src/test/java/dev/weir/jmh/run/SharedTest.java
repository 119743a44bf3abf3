package dev.weir.jmh.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SharedTest {

  @Test
  void namesBenchesThatExist() {
    assertThat(Arrays.stream(Shared.values()).map(Shared::bench))
        .isSubsetOf(Measurement.benches())
        .doesNotHaveDuplicates();
  }
}
