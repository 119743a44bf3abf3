package dev.weir.bench.ceiling;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Judges what passed by the promise of a token bucket: in no time of length t more than burst +
 * rate * t. Pure, exact, in whole numbers.
 *
 * <p>A request is let pass somewhere between its sending and its arrival, both seen by one clock
 * outside the gateways. So those that were sent and arrived within an interval were let pass within
 * it, and if they are more than the promise for that interval, the ceiling was broken: there is no
 * tolerance in that, and no doubt. What remains unseen is an excess that the way of the first and
 * the last request of an interval could explain, {@code rate * (their travel)} requests.
 */
final class Ceiling {
  private final Bucket bucket;

  Ceiling(Bucket bucket) {
    this.bucket = bucket;
  }

  /**
   * What passed in an interval.
   *
   * @param most what the promise allows for it
   */
  record Interval(long fromNanos, long toNanos, long passed, long most) {
    static final Interval NONE = new Interval(0, 0, 0, 0);

    boolean holds() {
      return passed <= most;
    }
  }

  /** From the first sending to the last arrival. */
  Interval whole(Passed passed) {
    if (passed.count() == 0) {
      return Interval.NONE;
    }
    long to = passed.arrived(passed.count() - 1);
    long from = to - passed.outerNanos();
    return new Interval(from, to, passed.count(), bucket.most(to - from));
  }

  /**
   * Finds, among all intervals, the one with the most requests wholly within it compared with what
   * it allows. O(n log n): the end of the interval moves over the arrivals; for each possible start
   * x there is at hand how many were sent from x on and have arrived, plus rate * x.
   */
  Interval fullest(Passed passed) {
    if (passed.count() == 0) {
      return Interval.NONE;
    }
    int count = passed.count();
    int[] bySending = bySending(passed);
    int[] rank = new int[count];
    for (int i = 0; i < count; i++) {
      rank[bySending[i]] = i;
    }
    long origin = passed.sent(bySending[0]);
    var starts = new Starts(count);
    long best = Long.MIN_VALUE;
    int bestStart = 0;
    int bestEnd = 0;
    for (int end = 0; end < count; end++) {
      starts.use(rank[end], bucket.inflow(passed.sent(end) - origin));
      starts.addUpTo(rank[end], Bucket.TOKEN);
      long over = starts.highest() - bucket.inflow(passed.arrived(end) - origin);
      if (over > best) {
        best = over;
        bestStart = bySending[starts.best()];
        bestEnd = end;
      }
    }
    long from = passed.sent(bestStart);
    long to = passed.arrived(bestEnd);
    return new Interval(from, to, within(passed, from, to), bucket.most(to - from));
  }

  private static int[] bySending(Passed passed) {
    return IntStream.range(0, passed.count())
        .boxed()
        .sorted(Comparator.comparingLong(passed::sent))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static long within(Passed passed, long fromNanos, long toNanos) {
    return IntStream.range(0, passed.count())
        .filter(i -> passed.sent(i) >= fromNanos && passed.arrived(i) <= toNanos)
        .count();
  }

  /**
   * How far arrivals alone run above the bucket, in requests: the deepest level of a bucket that
   * each arrival debits. O(n). Above zero it is either an excess or requests that were held up on
   * their way and came in a bunch; {@link #fullest} tells the two apart.
   */
  long bunched(Passed passed) {
    long level = bucket.capacity();
    long deepest = 0;
    for (int i = 0; i < passed.count(); i++) {
      long since = i == 0 ? 0 : passed.arrived(i) - passed.arrived(i - 1);
      level = bucket.refilled(level, since) - Bucket.TOKEN;
      deepest = Math.min(deepest, level);
    }
    return (-deepest + Bucket.TOKEN - 1) / Bucket.TOKEN;
  }

  /** A share of what could pass that did. */
  record Use(long passed, long available) {
    double share() {
      return available == 0 ? 1 : (double) passed / available;
    }

    Use and(Use other) {
      return new Use(passed + other.passed, available + other.available);
    }
  }

  /**
   * What passed of the requests sent in a stretch of time, and what one bucket for all gateways,
   * asked without delay, would have let pass of them. It begins with what the requests before left
   * in it.
   *
   * @param sent when each request was sent, whatever came of it; in order
   */
  Use use(Passed passed, long[] sent, long fromNanos, long toNanos) {
    long level = bucket.capacity();
    long available = 0;
    for (int i = 0; i < sent.length && sent[i] < toNanos; i++) {
      level = bucket.refilled(level, i == 0 ? 0 : sent[i] - sent[i - 1]);
      if (level >= Bucket.TOKEN) {
        level -= Bucket.TOKEN;
        available += sent[i] >= fromNanos ? 1 : 0;
      }
    }
    return new Use(passed.sentBetween(fromNanos, toNanos), available);
  }

  /** Returns the value below which this share of the sorted values lies. */
  static long percentile(long[] sorted, double share) {
    return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))];
  }

  /** Returns all travel times of several callers, sorted. */
  static long[] travel(Iterable<Passed> callers) {
    long[] all = new long[0];
    for (var passed : callers) {
      long[] travel = passed.travelNanos();
      int before = all.length;
      all = Arrays.copyOf(all, before + travel.length);
      System.arraycopy(travel, 0, all, before, travel.length);
    }
    Arrays.sort(all);
    return all;
  }
}
