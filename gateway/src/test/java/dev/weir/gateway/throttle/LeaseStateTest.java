package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.throttle.LeaseState.Standing;
import org.junit.jupiter.api.Test;

/** The transitions, one by one. */
class LeaseStateTest {
  /** 100 tokens a second, 100 at most: leases are 25 tokens at most. */
  private static final BucketShape SHAPE = new BucketShape(10, 1, 1000);

  private static final long NOW = 5_000;

  private static LeaseState drawn(LeaseState state, long leased, long remaining, long now) {
    return state.landed(state.flight(), new Drawn(true, leased, remaining, 10), SHAPE, now);
  }

  private static LeaseState busy() {
    LeaseState state = LeaseState.NEW;
    for (int i = 0; i < 20; i++) {
      state = state.asked(1, NOW - 100 + i);
    }
    return state;
  }

  private static LeaseState leased(long tokens) {
    return drawn(busy().drawing(SHAPE, 1, 1, NOW, 1), tokens, 50, NOW + 2);
  }

  @Test
  void aKeyUsedNowAndThenLeasesNothing() {
    LeaseState state = LeaseState.NEW;
    for (long now = NOW; now < NOW + 10_000; now += 200) {
      state = state.drawing(SHAPE, 1, 1, now, 1);
      assertThat(state.flight().report().want()).isZero();
      state = drawn(state, 0, 90, now);
    }
    assertThat(state.standing(1, NOW + 10_000)).isEqualTo(Standing.EMPTY);
  }

  @Test
  void aKeyInDemandLeasesThreeQuartersOfASecondOfItUpToAQuarterOfTheCapacity() {
    BucketShape wide = new BucketShape(1, 1, 1000);
    assertThat(busy().drawing(wide, 1, 1, NOW, 1).flight().report().want()).isEqualTo(62);
    LeaseState busier = busy();
    for (int i = 0; i < 100; i++) {
      busier = busier.asked(1, NOW);
    }
    assertThat(busier.drawing(SHAPE, 1, 1, NOW, 1).flight().report().want()).isEqualTo(24);
  }

  @Test
  void demandIsForgottenWithinHalfASecond() {
    assertThat(busy().demand().perWindow(NOW + 200)).isBetween(1L, 19L);
    assertThat(busy().demand().perWindow(NOW + 500)).isZero();
  }

  @Test
  void aLeaseEndsBeforeTheStoreLetsGoOfItCountedFromBeforeTheCall() {
    LeaseState state = leased(20);
    assertThat(state.standing(1, NOW + 949)).isEqualTo(Standing.READY);
    assertThat(state.standing(1, NOW + 950)).isEqualTo(Standing.EMPTY);
    LeaseState next = state.drawing(SHAPE, 1, 1, NOW + 950, 1);
    assertThat(next.flight().report().held()).as("what has run out is not reported").isZero();
    assertThat(next.holding().unspent()).isZero();
  }

  @Test
  void aReportSaysWhatIsStillHeldWithWhatIsLent() {
    LeaseState state = leased(20).spent(1, NOW + 3, 1).lent(1, NOW + 3, 1);
    assertThat(state.holding().unspent()).isEqualTo(18);
    Draw.Report report = state.prefetching(SHAPE, 1, NOW + 4).flight().report();
    assertThat(report.held()).isEqualTo(19);
    assertThat(report.number()).isEqualTo(2);
  }

  @Test
  void whatIsLentIsSpentOrGivenBackOnceAndOnlyToItsOwnLease() {
    LeaseState state = leased(20).lent(1, NOW + 3, 1);
    long lease = state.holding().lease();
    assertThat(state.holding().givenBack(lease, 1)).isEqualTo(leased(20).holding());
    assertThat(state.holding().settled(lease, 1).held()).isEqualTo(19);
    Holding later = state.holding().at(NOW + 2_000);
    assertThat(later.givenBack(lease, 1)).isEqualTo(later);
    assertThat(later.held()).isZero();
  }

  @Test
  void aLostCallChangesNothingButEndsTheFlight() {
    LeaseState before = leased(20);
    LeaseState flying = before.prefetching(SHAPE, 1, NOW + 500);
    LeaseState after = flying.grounded(flying.flight());
    assertThat(after.holding()).isEqualTo(before.holding());
    assertThat(after.flight()).isSameAs(Flight.NONE);
    assertThat(after.reports()).as("no number is used twice").isEqualTo(2);
  }

  @Test
  void anAnswerToAnEarlierFlightIsNotHeard() {
    LeaseState flying = leased(20).prefetching(SHAPE, 1, NOW + 500);
    LeaseState other = flying.grounded(flying.flight()).prefetching(SHAPE, 1, NOW + 600);
    assertThat(other.landed(flying.flight(), new Drawn(true, 9, 9, 9), SHAPE, NOW + 610))
        .isEqualTo(other);
    assertThat(other.grounded(flying.flight())).isEqualTo(other);
  }

  @Test
  void aStoreThatGaveLessThanWantedIsNotAskedAgainForAWhile() {
    LeaseState state = drawn(busy().drawing(SHAPE, 1, 1, NOW, 1), 1, 0, NOW);
    assertThat(state.standing(1, NOW)).isEqualTo(Standing.READY);
    assertThat(state.runsLow(SHAPE, NOW)).isFalse();
    LeaseState spent = state.spent(1, NOW, 1);
    assertThat(spent.standing(1, NOW + 99)).isEqualTo(Standing.DRY);
    assertThat(spent.standing(1, NOW + 100)).isEqualTo(Standing.EMPTY);
  }

  @Test
  void aLongWaitIsToldInFullButAskedAboutOnceASecond() {
    Told told = Told.dry(new Drawn(false, 0, 0, 3_600_000), 1, SHAPE, NOW);
    assertThat(told.waitMillis(1, SHAPE, NOW + 600)).isEqualTo(3_599_400);
    assertThat(told.isDry(1, NOW + 999)).isTrue();
    assertThat(told.isDry(1, NOW + 1000)).isFalse();
  }

  @Test
  void aSmallBucketPausesNoLongerThanItsTokenTakes() {
    BucketShape small = new BucketShape(10, 1, 10);
    assertThat(Told.dry(new Drawn(false, 0, 0, 3), 1, small, NOW).dryUntilMillis())
        .isEqualTo(NOW + 3);
  }

  @Test
  void aLeaseInUseIsFilledUpBeforeItIsEmptyAndOnlyIfDemandLasts() {
    LeaseState burst = leased(5);
    assertThat(burst.runsLow(SHAPE, NOW + 10)).as("one burst").isFalse();
    LeaseState lasting = burst.asked(1, NOW + 200).asked(1, NOW + 201);
    assertThat(lasting.runsLow(SHAPE, NOW + 201)).as("still enough").isFalse();
    LeaseState low = lasting.spent(1, NOW + 202, 1).spent(1, NOW + 202, 1);
    assertThat(low.runsLow(SHAPE, NOW + 202)).isTrue();
    assertThat(low.prefetching(SHAPE, 1, NOW + 202).runsLow(SHAPE, NOW + 202)).isFalse();
  }

  @Test
  void whatWillNotBeUsedBeforeTheEndIsIdle() {
    LeaseState state = leased(20);
    assertThat(state.idle(SHAPE, NOW + 10)).isZero();
    assertThat(state.idle(SHAPE, NOW + 700)).isEqualTo(20);
    LeaseState returning = state.returning(20, 1, NOW + 700);
    assertThat(returning.flight().report()).isEqualTo(new Draw.Report(1, 2, 0, 0, 20));
    assertThat(returning.standing(1, NOW + 701)).isEqualTo(Standing.FLYING);
  }

  @Test
  void aHeavyRequestFindsWhatItWeighsOrNothing() {
    LeaseState state = leased(20);
    assertThat(state.standing(20, NOW + 3)).isEqualTo(Standing.READY);
    assertThat(state.standing(21, NOW + 3)).isEqualTo(Standing.EMPTY);
    assertThat(state.spent(20, NOW + 3, 20).standing(1, NOW + 3)).isEqualTo(Standing.EMPTY);
  }

  @Test
  void whatIsInVainForAHeavyRequestIsNotForALightOne() {
    // 50 tokens of 100 a second are missing, of which one is due in 3 ms.
    LeaseState state = LeaseState.NEW.told(Told.dry(new Drawn(false, 0, 30, 3), 80, SHAPE, NOW));
    assertThat(state.standing(80, NOW + 492)).isEqualTo(Standing.DRY);
    assertThat(state.standing(80, NOW + 493)).isEqualTo(Standing.EMPTY);
    assertThat(state.standing(79, NOW)).as("nobody has asked").isEqualTo(Standing.EMPTY);
    assertThat(state.refused(80, SHAPE, NOW + 100)).isEqualTo(new TierState(false, 30, 393));
    assertThat(state.allowed(SHAPE, NOW + 1)).isEqualTo(new TierState(true, 30, 2));
  }

  @Test
  void theWaitOfAHeavyRequestCountsWhatIsHere() {
    LeaseState state = leased(20).told(Told.dry(new Drawn(false, 0, 5, 10), 40, SHAPE, NOW));
    assertThat(state.refused(60, SHAPE, NOW)).isEqualTo(new TierState(false, 25, 350));
  }

  @Test
  void demandIsCountedInTokens() {
    LeaseState state = LeaseState.NEW.asked(5, NOW - 1).asked(6, NOW);
    assertThat(state.demand().perWindow(NOW)).isEqualTo(11);
    assertThat(state.drawing(SHAPE, 1, 6, NOW, 0).flight().report().want()).isEqualTo(19);
  }
}
