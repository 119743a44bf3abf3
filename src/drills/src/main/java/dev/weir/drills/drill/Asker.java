package dev.weir.drills.drill;

import dev.weir.bench.contender.Probe;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Shows one token to one gateway, every few milliseconds, until it is refused for good.
 *
 * @param accepted counts down once the gateway has taken the token a few times
 */
record Asker(Probe probe, int port, String token, Ear ear, CountDownLatch accepted)
    implements Callable<Long> {
  private static final String PATH = "/api/orders";
  private static final int TAKEN_AT_LEAST = 5;
  private static final int REFUSED_IN_A_ROW = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(3);

  /** Hears of each answer. */
  interface Ear {
    void hear(int port, int status, long sentNanos, long endNanos);
  }

  /** Returns the moment in which the last answer that took the token was here. */
  @Override
  public Long call() throws InterruptedException {
    long begin = System.nanoTime();
    long last = begin;
    int taken = 0;
    int refused = 0;
    while (refused < REFUSED_IN_A_ROW && System.nanoTime() - begin < PATIENCE.toNanos()) {
      long sent = System.nanoTime();
      int status = probe.status(port, PATH, token);
      long end = System.nanoTime();
      ear.hear(port, status, sent, end);
      if (status == 200) {
        last = end;
        refused = 0;
        if (++taken == TAKEN_AT_LEAST) {
          accepted.countDown();
        }
      } else if (status == 401) {
        refused++;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return last;
  }
}
