package dev.weir.bench.ceiling;

import java.util.Arrays;

/**
 * The requests of one caller that reached the upstream, in that order: when each was sent, and when
 * it arrived. A gateway let it pass at some moment between the two. Confined to the upstream's
 * event loop until that has ended.
 */
final class Passed {
  private static final int INITIAL = 4096;

  private long[] sent = new long[INITIAL];
  private long[] arrived = new long[INITIAL];
  private byte[] gateway = new byte[INITIAL];
  private int count;

  void add(int throughGateway, long sentNanos, long arrivedNanos) {
    if (sentNanos > arrivedNanos || (count > 0 && arrived[count - 1] > arrivedNanos)) {
      throw new IllegalArgumentException("time runs forward");
    }
    if (count == sent.length) {
      sent = Arrays.copyOf(sent, 2 * count);
      arrived = Arrays.copyOf(arrived, 2 * count);
      gateway = Arrays.copyOf(gateway, 2 * count);
    }
    sent[count] = sentNanos;
    arrived[count] = arrivedNanos;
    gateway[count] = (byte) throughGateway;
    count++;
  }

  int count() {
    return count;
  }

  long sent(int i) {
    return sent[i];
  }

  long arrived(int i) {
    return arrived[i];
  }

  int gateway(int i) {
    return gateway[i];
  }

  /** Returns from the first sending to the last arrival: no admission lies outside. */
  long outerNanos() {
    return count == 0 ? 0 : arrived[count - 1] - Arrays.stream(sent, 0, count).min().orElseThrow();
  }

  /** Returns how long each was on its way, which bounds when it was let pass; sorted. */
  long[] travelNanos() {
    long[] travel = new long[count];
    for (int i = 0; i < count; i++) {
      travel[i] = arrived[i] - sent[i];
    }
    Arrays.sort(travel);
    return travel;
  }

  /** Returns how many were sent from the one moment on and before the other. */
  long sentBetween(long fromNanos, long toNanos) {
    long found = 0;
    for (int i = 0; i < count; i++) {
      if (sent[i] >= fromNanos && sent[i] < toNanos) {
        found++;
      }
    }
    return found;
  }
}
