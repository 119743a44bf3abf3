package dev.weir.gateway.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class LeasedBucketsTest {
  private static final Tier HOT = new Tier("hot", new BucketShape(1, 1, 1000));
  private static final Tier COLD = new Tier("cold", new BucketShape(3_600_000, 1, 3_600_000));

  private final AtomicLong millis = new AtomicLong(1_000_000);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final FakeStore store = new FakeStore(millis::get);
  private final StoreWatch watch = new StoreWatch(store, meters, time);
  private final LeaseTraffic traffic =
      new LeaseTraffic(watch, new LeaseMeters(meters), millis::get);
  private final LeaseCells cells = new LeaseCells(100);
  private final LeasedBuckets buckets = new LeasedBuckets(cells, traffic);
  private final LeaseSweep sweep = new LeaseSweep(traffic, time);

  @AfterEach
  void close() {
    sweep.cancel();
    watch.close();
  }

  private CompletableFuture<List<TierState>> request(Tier... tiers) {
    return request(1, tiers);
  }

  private CompletableFuture<List<TierState>> request(int weight, Tier... tiers) {
    List<Tier> asked = List.of(tiers);
    return buckets
        .decideHere(asked, each(weight, tiers.length))
        .map(CompletableFuture::completedFuture)
        .orElseGet(() -> buckets.ask(asked, each(weight, tiers.length)).toCompletableFuture());
  }

  private static int[] each(int weight, int count) {
    int[] weights = new int[count];
    Arrays.fill(weights, weight);
    return weights;
  }

  private static boolean passes(CompletableFuture<List<TierState>> answer) {
    return answer.join().stream().allMatch(TierState::allowed);
  }

  /** Makes a key hot: 50 requests over 100 ms. */
  private void heat(Tier tier) {
    for (int i = 0; i < 50; i++) {
      assertThat(passes(request(tier))).isTrue();
      millis.addAndGet(2);
    }
  }

  private long tokens(String outcome) {
    return (long) meters.counter("weir.throttle.lease.tokens", "outcome", outcome).count();
  }

  @Test
  void aHotKeyCostsFewCallsAndDecidesAtOnce() {
    heat(HOT);
    store.draws.clear();
    int waited = 0;
    for (int i = 0; i < 1000; i++) {
      if (buckets.decideHere(List.of(HOT), each(1, 1)).isEmpty()) {
        waited++;
        assertThat(passes(request(HOT))).isTrue();
      }
      millis.addAndGet(1);
    }
    assertThat(store.draws).hasSizeLessThan(20);
    assertThat(waited).as("before it was known to last").isLessThan(5);
  }

  @Test
  void tellsWhatIsLeftHereAndThere() {
    heat(HOT);
    millis.addAndGet(5_000);
    assertThat(request(HOT).join()).containsExactly(new TierState(true, 999, 1));
  }

  @Test
  void aRequestRefusedByOneTierGivesTheOtherItsTokenBack() {
    passes(request(COLD));
    heat(HOT);
    long held = traffic.live().getFirst().allowed(millis.get()).remaining();
    store.draws.clear();
    millis.addAndGet(1);

    List<TierState> states = request(HOT, COLD).join();

    assertThat(states).extracting(TierState::allowed).containsExactly(true, false);
    assertThat(store.tiers(0)).as("HOT has a token here").containsExactly(COLD);
    assertThat(traffic.live().getFirst().allowed(millis.get()).remaining()).isEqualTo(held);
    assertThat(request(HOT, COLD).join().get(1).allowed()).isFalse();
    assertThat(store.draws).as("now it is known to be dry").hasSize(1);
    assertThat(states.get(1).waitSeconds()).isEqualTo(3600);
  }

  @Test
  void requestsThatFindADrawUnderWayWaitForIt() {
    for (int i = 0; i < 6; i++) {
      passes(request(HOT));
      millis.addAndGet(1);
    }
    millis.addAndGet(251);
    store.draws.clear();
    store.holdAnswers();
    List<CompletableFuture<List<TierState>>> answers = new ArrayList<>();
    while (buckets.decideHere(List.of(HOT), each(1, 1)).isPresent()) {
      millis.addAndGet(1);
    }
    for (int i = 0; i < 4; i++) {
      answers.add(request(HOT));
    }
    assertThat(answers).noneMatch(CompletableFuture::isDone);
    assertThat(store.draws).hasSize(1);
    store.answerAll();
    assertThat(answers).allMatch(LeasedBucketsTest::passes);
    assertThat(store.draws).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  void noMoreThanABoundWaitForOneDraw() {
    store.holdAnswers();
    List<CompletableFuture<List<TierState>>> answers = new ArrayList<>();
    for (int i = 0; i < 1100; i++) {
      answers.add(request(HOT));
    }
    assertThat(answers.stream().filter(CompletableFuture::isDone))
        .as("are told to come again in a second, as nothing is wrong with the store")
        .hasSize(1100 - 1 - Flight.WAITING_BOUND)
        .allSatisfy(each -> assertThat(each.join()).containsExactly(new TierState(false, 0, 1000)));
    store.answerAll();
    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThat(answers).noneMatch(CompletableFuture::isCompletedExceptionally);
    assertThat(store.draws).hasSizeLessThan(1100);
  }

  @Test
  void whoeverWaitsForALostDrawHearsOfItAtOnce() {
    store.goDown();
    CompletableFuture<List<TierState>> answer = request(HOT);
    assertThat(answer).isCompletedExceptionally();
    store.comeBack();
    assertThat(passes(request(HOT))).as("the next one draws").isTrue();
  }

  @Test
  void aLeaseHoldsWhileTheStoreIsAwayUntilItEnds() {
    heat(HOT);
    store.goDown();
    assertThat(buckets.spendHere(List.of(HOT), each(1, 1))).isPresent();
    assertThat(buckets.spendHere(List.of(HOT, COLD), each(1, 2))).isEmpty();
    millis.addAndGet(950);
    assertThat(buckets.spendHere(List.of(HOT), each(1, 1))).isEmpty();
  }

  @Test
  void whatIsIdleGoesHome() {
    heat(HOT);
    long outstanding = store.buckets.outstanding("hot");
    assertThat(outstanding).isPositive();
    millis.addAndGet(600);
    sweep.sweep();
    assertThat(store.buckets.outstanding("hot")).isZero();
    assertThat(tokens("returned")).isPositive();
    assertThat(tokens("expired")).isZero();
    store.draws.clear();
    sweep.sweep();
    assertThat(store.draws).isEmpty();
  }

  @Test
  void aDrainReturnsEverythingInOneCall() {
    Tier other = new Tier("other", HOT.shape());
    heat(HOT);
    heat(other);
    store.draws.clear();
    sweep.close();
    assertThat(store.draws).hasSize(1);
    assertThat(store.buckets.outstanding("hot")).isZero();
    assertThat(store.buckets.outstanding("other")).isZero();
  }

  @Test
  void whatRunsOutIsCountedAsExpired() {
    heat(HOT);
    store.goDown();
    millis.addAndGet(1_000);
    sweep.sweep();
    assertThat(tokens("expired")).isPositive();
    assertThat(traffic.hasLeases()).isFalse();
  }

  @Test
  void keepsItsMemoryWithinTheBound() {
    for (int i = 0; i < 5000; i++) {
      passes(request(new Tier("key-" + i, COLD.shape())));
    }
    assertThat(cells.size()).isLessThanOrEqualTo(100);
  }

  /**
   * Where nothing is kept a request a second later meets a new cell, which must not speak for the
   * old one.
   */
  @Test
  void aKeyThatComesBackAfterItsEvictionIsANewLessee() {
    LeasedBuckets forgetful = new LeasedBuckets(new LeaseCells(0), traffic);
    for (int i = 0; i < 50; i++) {
      assertThat(passes(forgetful.ask(List.of(HOT), each(1, 1)).toCompletableFuture())).isTrue();
      millis.addAndGet(1_000);
    }
    assertThat(store.draws)
        .hasSize(50)
        .flatExtracting(draws -> draws)
        .extracting(draw -> draw.report().lessee())
        .doesNotHaveDuplicates();
  }

  /** A request that names a bucket twice would for ever find its own draw under way. */
  @Test
  void whoeverLosesEveryRaceDrawsWithoutALease() {
    assertThat(passes(request(HOT, HOT))).isTrue();
    assertThat(store.draws).hasSize(1);
    assertThat(store.draws.getFirst()).hasSize(2);
  }

  @Test
  void aHeavyRequestTakesWhatIsHereAndTheRestFromTheStore() {
    heat(HOT);
    long outstanding = store.buckets.outstanding("hot");
    assertThat(outstanding).isPositive();
    store.draws.clear();

    assertThat(passes(request(500, HOT))).isTrue();

    Draw draw = store.draws.getFirst().getFirst();
    assertThat(draw.need()).isLessThan(500).isGreaterThanOrEqualTo(500 - (int) outstanding);
    assertThat(draw.report().held()).as("lent, so not spent yet").isEqualTo(500 - draw.need());
    assertThat(store.draws).hasSize(1);
  }

  @Test
  void aHeavyRequestIsNotRefusedForWhatThisInstanceHolds() {
    heat(HOT);
    millis.addAndGet(40);
    // All that is left is 990, some of it here.
    assertThat(passes(request(985, HOT))).isTrue();
    assertThat(passes(request(100, HOT))).isFalse();
  }

  @Test
  void aHeavyRequestThatIsRefusedTakesNothingAndKeepsNoLightOneOut() {
    heat(HOT);
    passes(request(900, HOT));
    store.draws.clear();
    List<TierState> refused = request(500, HOT).join();
    long left = refused.getFirst().remaining();

    assertThat(refused.getFirst().allowed()).isFalse();
    assertThat(refused.getFirst().waitMillis()).isEqualTo(500 - left);
    assertThat(request(1, HOT).join().getFirst().remaining()).isEqualTo(left - 1);
    millis.addAndGet(500 - left + 1);
    assertThat(passes(request(500, HOT)))
        .as("after the wait, and the one that came between")
        .isTrue();
  }

  @Test
  void everyTierTakesItsOwnWeight() {
    Tier other = new Tier("other", HOT.shape());
    int[] weights = {3, 70};
    List<Tier> both = List.of(HOT, other);

    assertThat(buckets.ask(both, weights).toCompletableFuture().join())
        .extracting(TierState::remaining)
        .containsExactly(997L, 930L);
    assertThat(store.draws.getFirst()).extracting(Draw::need).containsExactly(3, 70);
  }
}
