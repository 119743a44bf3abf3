package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.fixture.VirtualTime;
import dev.weir.gateway.route.Concurrency;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import java.util.function.LongUnaryOperator;

/**
 * An upstream behind the real limit in virtual time, of which a unit is a microsecond here: so many
 * workers, a queue in front of them, and how long each request takes. Requests arrive at random.
 */
final class FakeService {
  private static final int LOOK = 100_000;
  private static final int WAY = 200;

  private final VirtualTime time;
  private final Random random;
  private final Exchange exchange;
  private final long end;
  private final UpstreamLimit limit;
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private final double[] perSecond = new double[ClassCounts.CLASSES];
  private LongUnaryOperator service = now -> 20_000;
  private int workers = Integer.MAX_VALUE;
  private int busy;
  private int waiting;
  private Counted counted = new Counted();

  /** What happened since it was asked last. */
  static final class Counted {
    final int[] sent = new int[ClassCounts.CLASSES];
    final int[] served = new int[ClassCounts.CLASSES];
    final ArrayList<Long> dearest = new ArrayList<>();
    long slowest;

    int allSent() {
      return sum(sent);
    }

    int allServed() {
      return sum(served);
    }

    /** Returns how long 99 of 100 of the dearest class took at most. */
    long dearestP99() {
      Collections.sort(dearest);
      return dearest.get((int) (0.99 * dearest.size()));
    }

    double refusedShare(int priority) {
      return sent[priority] == 0 ? 0 : 1 - (double) served[priority] / sent[priority];
    }

    private static int sum(int[] counts) {
      int sum = 0;
      for (int count : counts) {
        sum += count;
      }
      return sum;
    }
  }

  FakeService(VirtualTime time, Random random, Exchange exchange, long end) {
    this.time = time;
    this.random = random;
    this.exchange = exchange;
    this.end = end;
    this.limit = new UpstreamLimit("orders", Concurrency.STANDARD, new SimpleMeterRegistry());
    time.after(LOOK, this::look);
    for (int priority = 0; priority < ClassCounts.CLASSES; priority++) {
      int of = priority;
      time.after(0, () -> arrive(of));
    }
  }

  /** So many at once from now on, each for so long by the time at which it is begun. */
  void serves(int most, LongUnaryOperator micros) {
    workers = most;
    service = micros;
    while (busy < workers && !queue.isEmpty()) {
      begin(queue.remove());
    }
  }

  /** Offers so many a second of each class from now on. */
  void offer(double... rates) {
    System.arraycopy(rates, 0, perSecond, 0, rates.length);
  }

  Counted take() {
    Counted taken = counted;
    counted = new Counted();
    return taken;
  }

  UpstreamLimit limit() {
    return limit;
  }

  int waiting() {
    return waiting;
  }

  private void look() {
    limit.look(time.now() * 1_000, 0);
    if (time.now() < end) {
      time.after(LOOK, this::look);
    }
  }

  private void arrive(int priority) {
    double rate = perSecond[priority];
    long gap = rate == 0 ? LOOK : 1 + (long) (-Math.log(1 - random.nextDouble()) * 1e6 / rate);
    time.after(
        gap,
        () -> {
          if (time.now() < end) {
            if (rate > 0) {
              request(priority);
            }
            arrive(priority);
          }
        });
  }

  private void request(int priority) {
    Counted then = counted;
    then.sent[priority]++;
    int place = limit.tryEnter(exchange, priority);
    if (place == UpstreamLimit.NO_PLACE) {
      return;
    }
    waiting++;
    long begun = time.now();
    Runnable done = () -> answered(then, priority, place, begun);
    time.after(WAY, () -> work(done));
  }

  private void work(Runnable done) {
    if (busy < workers) {
      begin(done);
    } else {
      queue.add(done);
    }
  }

  private void begin(Runnable done) {
    busy++;
    time.after(
        service.applyAsLong(time.now()),
        () -> {
          busy--;
          if (!queue.isEmpty() && busy < workers) {
            begin(queue.remove());
          }
          time.after(WAY, done);
        });
  }

  private void answered(Counted then, int priority, int place, long begun) {
    waiting--;
    limit.leave(exchange, priority, place);
    long took = time.now() - begun;
    limit.note(took * 1_000);
    then.served[priority]++;
    then.slowest = Math.max(then.slowest, took);
    if (priority == 0) {
      then.dearest.add(took);
    }
  }
}
