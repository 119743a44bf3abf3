package dev.weir.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HashCostTest {
  /** The rest of the tests hash for less, so that the price of production is held here. */
  @Test
  void asksForOwaspsMinimumInProduction() {
    assertThat(HashCost.CURRENT).isEqualTo(new HashCost(19 * 1024, 2, 1));
  }
}
