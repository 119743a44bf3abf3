package dev.weir.gateway.resilience;

/**
 * What becomes of an upstream's rate after its limit was changed. Where a queue stands, fewer under
 * way are answered as quickly as more were: the rate stays. Where nobody waits for others, it is as
 * many times less as there are fewer.
 *
 * <p>It begins to count after the time that answers took at the change: where nobody waits for
 * others, all that were under way then have ended. Latency would tell the same, but later: what a
 * queue does to it shows only in those who come out of it.
 */
final class Trial {
  /** So much of a change is needed to be told from chance. */
  private static final double LESS = 0.75;

  private static final double MORE = 1.33;

  private final double underWay;
  private final double rate;
  private final double limit;
  private final long from;
  private double answers;
  private double waiting;
  private long length;

  /** What a trial has shown. */
  enum Finding {
    NOTHING,
    QUEUE,
    NATURE
  }

  /**
   * Begins one.
   *
   * @param underWay at the change
   * @param rate before it
   * @param limit before it
   * @param from counts from then on
   */
  Trial(double underWay, double rate, double limit, long from) {
    this.underWay = underWay;
    this.rate = rate;
    this.limit = limit;
    this.from = from;
  }

  double limit() {
    return limit;
  }

  /** Returns half of what was under way, which goes on meanwhile. */
  double half() {
    return underWay / 2;
  }

  /** Takes a span into account, and returns for how long it has counted. */
  long hear(AnswerSpan span, long now) {
    if (span.begin() >= from) {
      long more = span.length(now);
      answers += span.rate(now) * more;
      waiting += span.underWay() * more;
      length += more;
    }
    return length;
  }

  /** Forgets what it has counted. */
  void listenAnew() {
    answers = 0;
    waiting = 0;
    length = 0;
  }

  Finding finding() {
    double share = waiting / length / underWay;
    if (share > LESS && share < MORE) {
      return Finding.NOTHING;
    }
    double kept = answers / length / rate;
    return Math.abs(kept - 1) < Math.abs(kept - share) ? Finding.QUEUE : Finding.NATURE;
  }
}
