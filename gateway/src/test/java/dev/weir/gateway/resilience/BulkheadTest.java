package dev.weir.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.gateway.exchange.Permits;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BulkheadTest {

  @Test
  void holdsAsManyAsItMay() {
    Bulkhead bulkhead = new Bulkhead(new Permits(), 3);

    assertThat(IntStream.range(0, 5).filter(i -> bulkhead.tryEnter())).hasSize(3);
    bulkhead.leave();
    assertThat(bulkhead.tryEnter()).isTrue();
    assertThat(bulkhead.tryEnter()).isFalse();
  }

  @Test
  void keepsToALowerBoundOfTheSamePermits() {
    Permits permits = new Permits();
    Bulkhead wide = new Bulkhead(permits, 100);
    Bulkhead narrow = new Bulkhead(permits, 2);
    assertThat(IntStream.range(0, 4).filter(i -> wide.tryEnter())).hasSize(4);

    assertThat(narrow.tryEnter()).isFalse();
    IntStream.range(0, 3).forEach(i -> wide.leave());
    assertThat(narrow.tryEnter()).isTrue();
    assertThat(narrow.tryEnter()).isFalse();
  }

  @Test
  void hasNoBoundWhereNoneIsWritten() {
    assertThat(IntStream.range(0, 10_000).allMatch(i -> Bulkhead.NONE.tryEnter())).isTrue();
    assertThat(Bulkhead.NONE.isBounded()).isFalse();
  }

  @Test
  void isNeverExceededByManyThreads() throws Exception {
    Bulkhead bulkhead = new Bulkhead(new Permits(), 5);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all =
          IntStream.range(0, 4)
              .<Future<?>>mapToObj(i -> threads.submit(() -> enterAndLeave(bulkhead, inside, most)))
              .toList();
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(most.get()).isBetween(1, 5);
    assertThat(IntStream.range(0, 9).filter(i -> bulkhead.tryEnter())).hasSize(5);
  }

  private static void enterAndLeave(Bulkhead bulkhead, AtomicInteger inside, AtomicInteger most) {
    for (int i = 0; i < 50_000; i++) {
      if (bulkhead.tryEnter()) {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        inside.decrementAndGet();
        bulkhead.leave();
      }
    }
  }
}
