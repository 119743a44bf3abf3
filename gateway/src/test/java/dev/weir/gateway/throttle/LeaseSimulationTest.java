package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/**
 * The ceiling under thousands of random schedules: an ideal bucket, from which each token is taken
 * when it is used, never runs below zero; which is to say that no window of time sees more than
 * burst plus inflow.
 */
class LeaseSimulationTest {
  private static final int SCHEDULES = 1200;
  private static final int LENGTH = 1800;
  private static final long START = 1_000_000;

  private static BucketShape randomShape(Random random) {
    long[] perSecond = {3, 20, 100, 400, 1000};
    long[] bursts = {1, 4, 12, 40, 100, 400};
    return shape(perSecond[random.nextInt(5)], bursts[random.nextInt(6)]);
  }

  /** Tokens a second; the unit is the least that makes a millisecond's inflow whole. */
  private static BucketShape shape(long perSecond, long burst) {
    return new BucketShape(1000, perSecond, burst * 1000);
  }

  /** Requests to one instance for some of the tiers, and what each weighs. */
  private record Load(
      LeaseSimulation simulation,
      LeaseSimulation.Instance[] fleet,
      int place,
      List<Tier> tiers,
      ToIntFunction<Tier> weight) {}

  private static void demand(Load load) {
    LeaseSimulation simulation = load.simulation();
    Random random = simulation.random;
    long[] gaps = {0, 1, 2, 5, 20, 200};
    long gap = gaps[random.nextInt(gaps.length)];
    long phase = simulation.now() + 50 + random.nextInt(900);
    arrive(load, gap, phase);
  }

  private static void arrive(Load load, long gap, long phase) {
    LeaseSimulation simulation = load.simulation();
    List<Tier> tiers = load.tiers();
    if (simulation.now() >= phase) {
      demand(load);
      return;
    }
    if (gap > 0) {
      // One key that all share, and one of a few that not all do.
      int other = simulation.random.nextInt(tiers.size());
      List<Tier> asked =
          other == 0 ? List.of(tiers.getFirst()) : List.of(tiers.getFirst(), tiers.get(other));
      int[] weights = asked.stream().mapToInt(load.weight()).toArray();
      load.fleet()[load.place()].request(asked, weights);
    }
    long next = gap == 0 ? 100 : 1 + simulation.random.nextLong(2 * gap);
    simulation.at(simulation.now() + next, () -> arrive(load, gap, phase));
  }

  private static LeaseSimulation run(
      long seed, LeaseSimulation.Faults faults, int flushes, List<Tier> tiers) {
    return run(new LeaseSimulation(seed, faults), flushes, tiers, tier -> 1);
  }

  static LeaseSimulation run(
      LeaseSimulation simulation, int flushes, List<Tier> tiers, ToIntFunction<Tier> weight) {
    LeaseSimulation.Instance[] fleet =
        new LeaseSimulation.Instance[1 + simulation.random.nextInt(4)];
    for (int i = 0; i < fleet.length; i++) {
      int place = i;
      fleet[i] = simulation.instance("gateway" + i);
      simulation.at(START, () -> demand(new Load(simulation, fleet, place, tiers, weight)));
    }
    for (long at = START + 300; at < START + LENGTH; at += 300) {
      simulation.at(at, () -> replaceSome(simulation, fleet));
    }
    for (int i = 0; i < flushes; i++) {
      simulation.at(START + simulation.random.nextInt(LENGTH), () -> simulation.flush(tiers));
    }
    simulation.runUntil(START + LENGTH);
    return simulation;
  }

  private static void replaceSome(LeaseSimulation simulation, LeaseSimulation.Instance[] fleet) {
    for (int i = 0; i < fleet.length; i++) {
      if (simulation.crashes()) {
        if (simulation.random.nextBoolean()) {
          fleet[i].crash();
        } else {
          fleet[i].drain();
        }
        fleet[i] = simulation.instance("gateway" + i);
      }
    }
  }

  static List<Tier> tiers(long seed) {
    Random random = new Random(seed);
    List<Tier> tiers = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      tiers.add(new Tier("tier" + i, randomShape(random)));
    }
    return tiers;
  }

  @Test
  void noScheduleLetsMorePassThanTheIdealBucketHolds() {
    long passed = 0;
    long refused = 0;
    for (long seed = 0; seed < SCHEDULES; seed++) {
      List<Tier> tiers = tiers(seed);
      LeaseSimulation simulation = run(seed, faults(seed), 0, tiers);
      for (Tier tier : tiers) {
        assertThat(simulation.leastLevel(tier))
            .as("least level of %s, seed %d", tier, seed)
            .isNotNegative();
      }
      passed += simulation.passed;
      refused += simulation.refused;
    }
    assertThat(passed).as("the schedules do something").isGreaterThan(SCHEDULES * 50L);
    assertThat(refused).as("and reach the ceiling").isGreaterThan(SCHEDULES * 50L);
  }

  static LeaseSimulation.Faults faults(long seed) {
    return switch ((int) (seed % 4)) {
      case 0 -> LeaseSimulation.Faults.NONE;
      case 1 -> new LeaseSimulation.Faults(2, 2, 2, 10);
      case 2 -> new LeaseSimulation.Faults(0, 10, 20, 5);
      default -> new LeaseSimulation.Faults(10, 10, 50, 30);
    };
  }

  /** Light requests, and among them some that weigh up to all that the bucket holds. */
  @Test
  void noScheduleOfWeightsLetsMorePassThanTheIdealBucketHolds() {
    long passed = 0;
    long refused = 0;
    long heavy = 0;
    for (long seed = 0; seed < SCHEDULES / 2; seed++) {
      List<Tier> tiers = tiers(seed);
      LeaseSimulation simulation = new LeaseSimulation(seed, faults(seed));
      run(simulation, seed % 8 == 7 ? 1 : 0, tiers, tier -> weight(simulation.random, tier));
      for (Tier tier : tiers) {
        assertThat(simulation.leastLevel(tier))
            .as("least level of %s, seed %d", tier, seed)
            .isNotNegative();
        heavy += simulation.debits(tier).stream().filter(debit -> debit.tokens() > 20).count();
      }
      passed += simulation.passed;
      refused += simulation.refused;
    }
    assertThat(passed).as("the schedules do something").isGreaterThan(SCHEDULES * 10L);
    assertThat(refused).as("and reach the ceiling").isGreaterThan(SCHEDULES * 10L);
    assertThat(heavy).as("and heavy requests get through").isGreaterThan(SCHEDULES);
  }

  static int weight(Random random, Tier tier) {
    int burst = (int) (tier.shape().capacity() / tier.shape().unit());
    return random.nextInt(4) > 0 ? 1 : 1 + random.nextInt(burst);
  }

  /** Half of what may pass goes to requests of weight 1, half to requests of half the burst. */
  @Test
  void heavyRequestsGetTheirTurnBesideLightOnesWithinTheLimit() {
    for (long seed = 0; seed < 12; seed++) {
      Tier tier = new Tier("both", shape(1000, 400));
      LeaseSimulation simulation = new LeaseSimulation(seed, LeaseSimulation.Faults.NONE);
      LeaseSimulation.Instance[] fleet = {
        simulation.instance("a"), simulation.instance("b"), simulation.instance("c")
      };
      for (long at = START; at < START + 10_000; at += 2) {
        LeaseSimulation.Instance instance = fleet[(int) (at / 2 % 3)];
        simulation.at(at, () -> instance.request(List.of(tier)));
      }
      for (long at = START + 500; at < START + 10_000; at += 500) {
        LeaseSimulation.Instance instance = fleet[(int) (at / 500 % 3)];
        simulation.at(at, () -> instance.request(List.of(tier), new int[] {200}));
      }
      simulation.runUntil(START + 10_000);
      assertThat(simulation.leastLevel(tier)).as("seed %d", seed).isNotNegative();
      assertThat(simulation.refused * 100 / simulation.requests).as("seed %d", seed).isZero();
      assertThat(simulation.calls * 10).as("seed %d", seed).isLessThan(simulation.requests);
    }
  }

  @Test
  void aServerThatLosesItsDataAddsNoMoreThanAFullBucketToWhatIsLeased() {
    for (long seed = 0; seed < SCHEDULES / 8; seed++) {
      List<Tier> tiers = tiers(seed);
      LeaseSimulation simulation = run(seed, new LeaseSimulation.Faults(2, 2, 2, 10), 1, tiers);
      for (Tier tier : tiers) {
        assertThat(simulation.leastLevel(tier))
            .as("least level of %s, seed %d", tier, seed)
            .isNotNegative();
      }
    }
  }

  /**
   * The hardest times: everybody leases, falls silent until the leases are about to end and the
   * bucket is full to the brim, then spends all at once.
   */
  @Test
  void noLeaseIsSpentAfterTheServerLetGoOfIt() {
    for (long seed = 0; seed < SCHEDULES / 3; seed++) {
      Random random = new Random(seed);
      List<Tier> tiers = new ArrayList<>();
      for (int i = 0; i < 1 + seed % 2; i++) {
        tiers.add(
            new Tier("tier" + i, shape(400 + random.nextInt(1000), 40 + random.nextInt(200))));
      }
      LeaseSimulation simulation =
          new LeaseSimulation(
              seed, new LeaseSimulation.Faults(0, random.nextInt(30), random.nextInt(50), 0));
      LeaseSimulation.Instance[] fleet = new LeaseSimulation.Instance[3];
      for (int i = 0; i < fleet.length; i++) {
        fleet[i] = simulation.instance("gateway" + i, seed % 3 == 0);
      }
      for (int round = 0; round < 2; round++) {
        long start = START + round * 1800L;
        long silence = start + 600;
        for (long at = start; at < silence; at += 1 + random.nextInt(6)) {
          LeaseSimulation.Instance instance = fleet[random.nextInt(fleet.length)];
          List<Tier> asked = random.nextBoolean() ? tiers : tiers.subList(0, 1);
          simulation.at(at, () -> instance.request(asked));
        }
        long burst = silence + 750 + random.nextInt(320);
        for (int i = 0; i < 300; i++) {
          LeaseSimulation.Instance instance = fleet[i % fleet.length];
          simulation.at(burst + i / 100, () -> instance.request(tiers));
        }
      }
      simulation.runUntil(START + 4000);
      for (Tier tier : tiers) {
        assertThat(simulation.leastLevel(tier))
            .as("least level of %s, seed %d", tier, seed)
            .isNotNegative();
      }
    }
  }

  /** Every instance is asked so often that all could use the whole limit alone. */
  @Test
  void steadyDemandGetsNearlyAllOfTheCeilingForFewCalls() {
    for (long seed = 0; seed < 6; seed++) {
      long perSecond = seed % 2 == 0 ? 100 : 1000;
      Tier tier = new Tier("steady", shape(perSecond, perSecond));
      LeaseSimulation simulation = new LeaseSimulation(seed, LeaseSimulation.Faults.NONE);
      for (int i = 0; i < 3; i++) {
        LeaseSimulation.Instance instance = simulation.instance("gateway" + i);
        for (long at = START; at < START + 5_000; at++) {
          simulation.at(at, () -> instance.request(List.of(tier)));
        }
      }
      simulation.runUntil(START + 5_000);
      long ceiling = perSecond * 6;
      assertThat(simulation.leastLevel(tier)).as("seed %d", seed).isNotNegative();
      assertThat(simulation.passed).as("seed %d", seed).isBetween(ceiling * 95 / 100, ceiling);
      assertThat(simulation.calls * 1000 / simulation.requests).as("seed %d", seed).isLessThan(20);
      assertThat(simulation.waited * 100 / simulation.requests).as("seed %d", seed).isLessThan(10);
    }
  }

  /** What the bench offers over HTTP/2: 64 callers, each busy and far below its limit. */
  @Test
  void busyCallersFarBelowTheirLimitCostFewCalls() {
    LeaseSimulation simulation = new LeaseSimulation(1, LeaseSimulation.Faults.NONE);
    LeaseSimulation.Instance instance = simulation.instance("gateway");
    for (int caller = 0; caller < 64; caller++) {
      List<Tier> tiers = List.of(new Tier("caller" + caller, shape(100_000, 100_000)));
      for (long at = START; at < START + 5_000; at++) {
        if (simulation.random.nextInt(1000) < 126) {
          simulation.at(at, () -> instance.request(tiers));
        }
      }
    }
    simulation.runUntil(START + 5_000);
    assertThat(simulation.passed).isEqualTo(simulation.requests);
    assertThat(simulation.calls * 1000 / simulation.requests).isLessThan(20);
    assertThat(simulation.waited * 100 / simulation.requests).isLessThan(2);
  }

  /** A caller that keeps to the limit, all at once every other second, is hardly ever refused. */
  @Test
  void burstsWithPausesBetweenGetWhatTheyMay() {
    for (long seed = 0; seed < 20; seed++) {
      Tier tier = new Tier("bursts", shape(100, 200));
      LeaseSimulation simulation = new LeaseSimulation(seed, LeaseSimulation.Faults.NONE);
      LeaseSimulation.Instance[] fleet = {simulation.instance("a"), simulation.instance("b")};
      for (int i = 0; i < 2000; i++) {
        LeaseSimulation.Instance instance = fleet[i % 2];
        long at = START + i / 200 * 2000L + i % 200;
        simulation.at(at, () -> instance.request(List.of(tier)));
      }
      simulation.runUntil(START + 20_000);
      assertThat(simulation.passed).as("seed %d", seed).isGreaterThanOrEqualTo(1900);
      assertThat(simulation.leastLevel(tier)).as("seed %d", seed).isNotNegative();
    }
  }

  /** What a quiet key leaves behind is nothing: the next instance finds a full bucket. */
  @Test
  void aKeyAtRestIsFullAgain() {
    Tier tier = new Tier("rest", shape(1, 100));
    LeaseSimulation simulation = new LeaseSimulation(1, LeaseSimulation.Faults.NONE);
    LeaseSimulation.Instance one = simulation.instance("a");
    LeaseSimulation.Instance two = simulation.instance("b");
    for (int i = 0; i < 50; i++) {
      simulation.at(START + 4L * i, () -> one.request(List.of(tier)));
    }
    for (int i = 0; i < 50; i++) {
      simulation.at(START + 1500 + 4L * i, () -> two.request(List.of(tier)));
    }
    simulation.runUntil(START + 3000);
    assertThat(simulation.passed).isEqualTo(100);
  }
}
