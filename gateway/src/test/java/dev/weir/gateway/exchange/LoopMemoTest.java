package dev.weir.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class LoopMemoTest {
  private static final long NOW = 1_000_000;

  private final LoopMemo<String, Integer> memo = new LoopMemo<>();

  @Test
  void findsWhatWasKeptForASecondAndNoLonger() {
    memo.keep("a", 1, NOW);
    assertThat(memo.find("a", NOW + LoopMemo.FRESH_MILLIS - 1)).isEqualTo(1);
    assertThat(memo.find("a", NOW + LoopMemo.FRESH_MILLIS)).isNull();
  }

  @Test
  void findsNothingLongerBecauseTheClockWasSetBack() {
    memo.keep("a", 1, NOW);
    assertThat(memo.find("a", NOW - LoopMemo.FRESH_MILLIS)).isNull();
  }

  /** Two strings of one hash are in one slot. */
  @Test
  void takesNoKeyForAnotherOfTheSameHash() {
    memo.keep("Aa", 1, NOW);
    assertThat("BB").hasSameHashCodeAs("Aa");
    assertThat(memo.find("BB", NOW)).isNull();
    memo.keep("BB", 2, NOW);
    assertThat(memo.find("BB", NOW)).isEqualTo(2);
    assertThat(memo.find("Aa", NOW)).isNull();
  }

  @Test
  void forgets() {
    memo.keep("a", 1, NOW);
    memo.forget();
    assertThat(memo.find("a", NOW)).isNull();
    memo.keep("a", 2, NOW);
    assertThat(memo.find("a", NOW)).isEqualTo(2);
  }

  @Test
  void isBounded() {
    for (int i = 0; i < 100_000; i++) {
      memo.keep("key-" + i, i, NOW);
    }
    int found = 0;
    for (int i = 0; i < 100_000; i++) {
      found += memo.find("key-" + i, NOW) == null ? 0 : 1;
    }
    assertThat(found).isBetween(1, 512);
  }

  @Test
  void servesThreadsThatShareATableWithWholeEntries()
      throws ExecutionException, InterruptedException {
    CompletableFuture<?>[] threads = new CompletableFuture<?>[8];
    for (int thread = 0; thread < threads.length; thread++) {
      threads[thread] = CompletableFuture.runAsync(this::keepAndFind);
    }
    CompletableFuture.allOf(threads).get();
  }

  private void keepAndFind() {
    for (int i = 0; i < 20_000; i++) {
      String key = "key-" + i % 700;
      memo.keep(key, i % 700, NOW);
      Integer found = memo.find(key, NOW);
      if (found != null && found != i % 700) {
        throw new AssertionError(key + " is " + found);
      }
    }
  }
}
