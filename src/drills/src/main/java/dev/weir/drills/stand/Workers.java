package dev.weir.drills.stand;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * So many requests at once, each for so long; the others queue. All upstream connections share one
 * event loop, to which the queue is confined.
 */
final class Workers {
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private int busy;
  // Set by the thread that runs the drill.
  private volatile long serviceMillis;
  private volatile int count = Integer.MAX_VALUE;

  void serviceMillis(long millis) {
    serviceMillis = millis;
  }

  void count(int most) {
    count = most;
  }

  /** Runs the answer when a worker has done the work. */
  void work(EventLoop loop, Runnable answer) {
    long millis = serviceMillis;
    if (millis == 0) {
      answer.run();
    } else if (busy >= count) {
      queue.add(answer);
    } else {
      busy++;
      begin(loop, answer, millis);
    }
  }

  private void begin(EventLoop loop, Runnable answer, long millis) {
    var _ = loop.schedule(() -> done(loop, answer), millis, TimeUnit.MILLISECONDS);
  }

  private void done(EventLoop loop, Runnable answer) {
    answer.run();
    var next = queue.poll();
    if (next == null) {
      busy--;
    } else {
      begin(loop, next, serviceMillis);
    }
  }
}
