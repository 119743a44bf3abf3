package dev.weir.bench.ceiling;

import dev.weir.bench.contender.UnfitException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Kills one gateway after the other, at random times, and starts it again. The same seed chooses
 * the same gateways and pauses; how long a start takes is the machine's affair. One at a time, so
 * that more is offered than the limit throughout. One thread.
 */
final class Kills implements Runnable {
  private static final int PAUSE_LEAST_MILLIS = 2_000;
  private static final int PAUSE_SPREAD_MILLIS = 8_000;
  private static final int DOWN_SPREAD_MILLIS = 2_000;

  private final List<Gateway> gateways;
  private final Random random;
  private final long endNanos;
  private final List<Outage> outages = new ArrayList<>();

  /** When a gateway was away, by the clock of the run. */
  record Outage(int gateway, long fromNanos, long toNanos) {}

  Kills(List<Gateway> gateways, long seed, long endNanos) {
    this.gateways = gateways;
    this.random = new Random(seed);
    this.endNanos = endNanos;
  }

  @Override
  public void run() {
    try {
      while (true) {
        int pause = PAUSE_LEAST_MILLIS + random.nextInt(PAUSE_SPREAD_MILLIS);
        var gateway = gateways.get(random.nextInt(gateways.size()));
        int down = random.nextInt(DOWN_SPREAD_MILLIS);
        if (System.nanoTime() + pause * 1_000_000L > endNanos) {
          return;
        }
        Thread.sleep(pause);
        long from = System.nanoTime();
        gateway.kill();
        try {
          Thread.sleep(down);
          gateway.restart();
        } finally {
          note(new Outage(gateway.number(), from, System.nanoTime()));
        }
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    } catch (IOException | UnfitException e) {
      throw new IllegalStateException("a gateway could not be started again", e);
    }
  }

  private void note(Outage outage) {
    synchronized (outages) {
      outages.add(outage);
    }
  }

  List<Outage> outages() {
    synchronized (outages) {
      return List.copyOf(outages);
    }
  }
}
