package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.fixture.Schedules;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of one to four gateways on one to three limits: unequal demand, calls that are
 * slow, lost, or come out of order, clocks of different speed, crashes and drains; in every second
 * schedule requests of random weight.
 *
 * <p>Invariant: in no moment has more passed than an ideal bucket holds from which each token is
 * taken when it is used, were it the only one for all gateways. The ideal bucket's level is never
 * below zero.
 */
class LeaseScheduleTest {
  @Test
  void noScheduleLetsMorePassThanTheIdealBucketHolds() {
    Schedules.asked().check("leases", LeaseScheduleTest::run);
  }

  private static void run(long seed) {
    List<Tier> tiers = LeaseSimulationTest.tiers(seed);
    LeaseSimulation simulation = new LeaseSimulation(seed, LeaseSimulationTest.faults(seed / 2));
    LeaseSimulationTest.run(
        simulation,
        0,
        tiers,
        tier -> seed % 2 == 0 ? 1 : LeaseSimulationTest.weight(simulation.random, tier));
    for (Tier tier : tiers) {
      assertThat(simulation.leastLevel(tier)).as("least level of %s", tier).isNotNegative();
    }
  }
}
