package dev.weir.gateway.resilience;

import java.util.Optional;

/**
 * Says how many requests an upstream bears at once, from how long its answers take to begin.
 *
 * <p><b>The signal</b> is the standing queue: what even the quickest answer of a span took beyond
 * what the quickest take when nobody waits. A slow request, a pause or a mix of cheap and dear
 * requests delays some answers; only a queue that stands delays all of them, as in CoDel (RFC 8289)
 * and as in our own {@code LoopLag}. Mean or median, which gradients usually go by, take a change
 * of the mix for a queue.
 *
 * <p><b>The limit</b> follows by Little's law: what the upstream answers in a second, times the
 * time that an answer may take. That is the time without a queue, and some for the queue, without
 * which a worker would now and then be idle. While there is less of a queue than that and the limit
 * is half used, it grows; where a queue has been found and as much is answered as then, no further
 * than to that. What the first class comes to beyond it is kept free for it ({@link Reserve}).
 *
 * <p><b>Each cut is a trial.</b> If there is a queue, the cut shortens it. If answers take as long
 * as before once all that were under way at the cut have ended, then their time is their nature:
 * the limit is what it was, their time is the new measure, and there is no other cut for a second,
 * then for two, four, at most for five minutes; one that helps begins anew. So an upstream that
 * fits none of this (long polls that all end at once) loses little and seldom.
 *
 * <p><b>What stays crowded</b> is looked at again by letting more in. Where a queue has been found
 * there is nothing to learn from that while as much is answered as then, and everybody would wait
 * longer, so there it is done twice a minute and else every two seconds at most.
 *
 * <p>An answer that never came is no measure: where most of a span are late, half as many are let
 * through, until answers come again.
 *
 * <p>Written and read by one thread, without a clock of its own; times are in microseconds.
 */
final class QueueLaw {
  /** A limit that has learned nothing. */
  static final int INITIAL = 1_000;

  private static final int MOST = 1_000_000;

  /** The queue may take this part of the time without one, or {@link #SLACK}. */
  private static final double TOLERANCE = 0.3;

  private static final double SLACK = 5_000;

  /** A cut aims at so much of that queue. */
  private static final double FILL = 0.7;

  /** Answers of a span that is not settled are no longer than this, of what they usually take. */
  private static final double UNSTEADY = 1.1;

  /** The queues of several spans, in tolerances, make it certain; of one no more than two do. */
  private static final double CERTAIN = 3;

  /** An upstream with room has room for so many more. */
  private static final int SPARE = 8;

  private static final double CERTAIN_OF_ONE = 2;

  /**
   * Where there has been a queue, a span in which an answer found none may be chance: workers that
   * finish together now and then leave one of them idle.
   */
  private static final int SURELY_ROOMY = 3;

  private static final int LASTINGLY_ROOMY = 10;

  private static final double SETTLED = 1.1;

  /** Just beyond what a trial can tell from chance. */
  private static final double PROBE_OF_A_QUEUE = 1.5;

  private static final long SPAN = 100_000;
  private static final long SECOND = 1_000_000;
  private static final long FIRST_PATIENCE = SECOND / 2;
  private static final long LONGEST_PATIENCE = 2 * SECOND;

  /** Where a queue was found and as much is answered as then, more would only lengthen it. */
  private static final long PATIENCE_WITHOUT_NEWS = 30 * SECOND;

  private static final long LONGEST_PAUSE = 300 * SECOND;

  private final int minimum;
  private final Reserve reserve = new Reserve();
  private final AnswerRate rate = new AnswerRate();
  private double limit;
  private double unqueued;
  private double typical;
  private double queue;
  private double certainty;
  private int roomySpans;
  private boolean confirmed;
  private Optional<Trial> trial = Optional.empty();
  private long unchangedSince;
  private long patience = FIRST_PATIENCE;
  private long pause = SECOND;
  private long pausedUntil = Long.MIN_VALUE;

  QueueLaw(int minimum) {
    this.minimum = minimum;
    this.limit = Math.max(minimum, INITIAL);
  }

  /** Returns the limit that holds now. */
  int limit() {
    return (int) limit;
  }

  /** Returns how many places of the limit are for the first class alone. */
  int reserve() {
    return reserve.places(limit);
  }

  /** Returns what the quickest answers take beyond what they take without a queue. */
  double queueMicros() {
    return queue;
  }

  /**
   * Moves the limit where the span tells enough, and empties it then.
   *
   * @param lag by how much our own event loops make all answers look slower
   */
  void look(AnswerSpan span, long now, double lag) {
    if (!span.tells() && span.refusesBlindly() && span.length(now) >= SECOND) {
      // Nothing here shows a queue: what is refused is refused for nothing.
      grow(limit * 1.5 + 1, now);
      span.beginAnew(now);
      return;
    }
    if (!span.tells() || span.length(now) < SPAN) {
      return;
    }
    if (span.isLate()) {
      limit = Math.max(minimum, limit / 2);
    } else {
      decide(span, now, lag);
    }
    span.beginAnew(now);
  }

  private void decide(AnswerSpan span, long now, double lag) {
    reserve.hear(span.underWay(), limit);
    double quickest = Math.max(1, span.quickest() - lag);
    double mean = Math.max(quickest, span.mean() - lag);
    if (unqueued == 0) {
      unqueued = quickest;
    }
    queue = Math.max(0, quickest - unqueued);
    // One quick answer among many is not yet the rule.
    unqueued -= Math.max(0, unqueued - quickest) / 2;
    rate.hear(span.rate(now));
    if (confirmed && span.hasRefused()) {
      rate.keepQueue();
    }
    double service = typical == 0 ? mean - queue : Math.min(mean - queue, UNSTEADY * typical);
    double allowed = Math.max(SLACK, TOLERANCE * service);
    if (queue <= allowed) {
      roomy(span, mean, allowed, now);
      return;
    }
    if (certainty == 0) {
      unchangedSince = now;
    }
    roomySpans = 0;
    certainty += Math.min(CERTAIN_OF_ONE, queue / allowed);
    if (trial.isPresent() && trial.get().hear(span, now) >= 3 * Math.max(SPAN, typical)) {
      judge(trial.get(), quickest, now);
    }
    if (queue > 0) {
      crowded(span, mean, rate.recent() * (service + FILL * allowed), now);
    }
  }

  private void roomy(AnswerSpan span, double mean, double allowed, long now) {
    if (trial.isPresent() && trial.get().hear(span, now) > 0) {
      confirm();
    }
    trial = Optional.empty();
    certainty = 0;
    patience = FIRST_PATIENCE;
    roomySpans = queue < allowed / 4 ? roomySpans + 1 : 0;
    // There the time without a queue cannot be seen, and as much as is answered needs no more;
    // unless there has been none for so long that answers take longer by now without one.
    boolean known =
        confirmed && span.hasRefused() && !rate.hasNews() && roomySpans < LASTINGLY_ROOMY;
    if (!known) {
      typical += (mean - queue - typical) / (typical == 0 ? 1 : 8);
    }
    if (!span.hasRefused()) {
      unqueued += queue / 64;
    }
    boolean used = span.hasRefused() || 2 * span.underWay() + SPARE > limit;
    // Where growing has once been too much, what it brings is awaited.
    if (!used
        || (confirmed && now - unchangedSince < typical)
        || (known && limit > rate.recent() * (typical + allowed))) {
      return;
    }
    if (queue < allowed / 4 && (!confirmed || (roomySpans >= SURELY_ROOMY && rate.hasNews()))) {
      grow(limit * 1.5 + 1, now);
    } else if (queue < allowed * FILL) {
      grow(limit + Math.max(0.5, limit / 32), now);
    }
  }

  private void grow(double next, long now) {
    limit = Math.min(MOST, next);
    unchangedSince = now;
  }

  private void crowded(AnswerSpan span, double mean, double wanted, long now) {
    if (trial.isPresent() && trial.get().limit() < limit) {
      return;
    }
    if (now - unchangedSince > Math.max(patience(), (long) (5 * mean))) {
      probe(span, mean, now);
      return;
    }
    // As long as nothing has shown that it is a queue, half of what is under way goes on.
    double least =
        confirmed ? minimum : Math.max(minimum, trial.map(Trial::half).orElse(span.underWay() / 2));
    double next = Math.max(least, wanted);
    boolean certain = certainty >= CERTAIN || span.hasRefused();
    if (!certain || now < pausedUntil || next >= limit) {
      return;
    }
    if (trial.isEmpty()) {
      trial = Optional.of(begin(span, mean, now));
    }
    limit = next;
    unchangedSince = now;
  }

  /**
   * A look costs those who wait a longer queue. An upstream that has become slower by nature
   * answers fewer of as many, and one that has got more workers has no queue.
   */
  private long patience() {
    return confirmed && !rate.hasNews() ? PATIENCE_WITHOUT_NEWS : patience;
  }

  private Trial begin(AnswerSpan span, double mean, long now) {
    return new Trial(span.underWay(), rate.best(), limit, now + (long) (SETTLED * mean));
  }

  /** What stays crowded for long may be so by nature: more of it shows whether it gets worse. */
  private void probe(AnswerSpan span, double mean, long now) {
    unchangedSince = now;
    patience = Math.min(LONGEST_PATIENCE, patience * 2);
    trial = Optional.of(begin(span, mean, now));
    // Where it was a queue before, those who are waiting pay for the look.
    double more = confirmed ? PROBE_OF_A_QUEUE : 2;
    limit = Math.min(MOST, Math.max(limit, span.underWay()) * more);
  }

  private void judge(Trial tried, double quickest, long now) {
    boolean more = tried.limit() < limit;
    switch (tried.finding()) {
      case NOTHING -> {
        tried.listenAnew();
        if (more) {
          // More were allowed and none came: nobody is kept waiting, so this is how it answers.
          takeForNature(tried, quickest, now);
        }
      }
      case QUEUE -> {
        trial = Optional.empty();
        confirm();
      }
      case NATURE -> takeForNature(tried, quickest, now);
    }
  }

  private void takeForNature(Trial tried, double quickest, long now) {
    trial = Optional.empty();
    certainty = 0;
    confirmed = false;
    unqueued = quickest;
    queue = 0;
    if (tried.limit() >= limit) {
      limit = tried.limit();
      pausedUntil = now + pause;
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
  }

  private void confirm() {
    confirmed = true;
    rate.findQueue();
    pause = SECOND;
  }
}
