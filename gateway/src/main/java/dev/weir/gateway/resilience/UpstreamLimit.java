package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Holders;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.route.Concurrency;
import dev.weir.gateway.route.Priority;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;

/**
 * How many requests may wait for one upstream's answers at once, and which of them when not all
 * can. A request has its place until the head of its answer, so a stream or a download has none for
 * as long as it lasts.
 *
 * <p><b>What runs per request.</b> {@link #tryEnter}: a read of what is replaced ten times a second
 * at most, a look at this loop's own cache line and a step there; {@link #leave}: the step back;
 * {@link #note}: a step on another line of its own. Nothing is allocated, and no line is written
 * that another loop writes. Only where this loop has its part of half the limit, or some were
 * refused lately, does it look at what the others have, O(loops) reads, and counts who holds how
 * much. UpstreamLimitBench has the figures.
 *
 * <p><b>Classes.</b> A request gets in while those of its own class and of the classes before it do
 * not fill the limit, or while its class has less than its floor: a twentieth of the limit for the
 * last class, a tenth for the others, and at least one. So a class is refused only once it and what
 * goes before it are too much, the last one first, and none ever gets nothing. Where the mix turns,
 * more than the limit may be under way until those of the lower classes are answered; where that
 * lasts, the lower ones leave so many places free ({@link Reserve}). Loops that look in the same
 * instant may let one each too many in.
 *
 * <p><b>Callers.</b> Within a class of which some were refused lately, whoever holds more than
 * three times of what is left is refused before others ({@link Holders}).
 *
 * <p><b>Memory visibility.</b> {@code bounds} is replaced as a whole by the one thread that moves
 * the limit.
 */
final class UpstreamLimit {
  /** What a request has that did not get in. */
  static final int NO_PLACE = 0;

  private static final int PLACE = 1;
  private static final int COUNTED_PLACE = 2;
  private static final int SHARE = 3;
  private static final int FLOOR = 10;
  private static final int LAST_FLOOR = 20;

  private final boolean refuses;
  private final ClassCounts counts = new ClassCounts();
  private final AnswerTimes times = new AnswerTimes();
  private final Holders holders = new Holders(SHARE);
  private final Counter[] shed;
  private final QueueLaw law;
  private final AnswerSpan span = new AnswerSpan();
  private long lookedAt;
  private volatile Bounds bounds;
  private volatile double queueMicros;

  /**
   * What holds until the limit moves.
   *
   * @param reserve of the limit, for the first class alone
   * @param unasked so many of one loop get in without a look at the others; none while some are
   *     refused, or a loop with few of the connections would fill its part with whoever comes last
   * @param contended a bit for each class of which some were refused lately
   */
  private record Bounds(
      int limit, int reserve, int floor, int lastFloor, int unasked, int contended) {

    static Bounds of(int limit, int reserve, int contended) {
      return new Bounds(
          limit,
          reserve,
          Math.max(1, limit / FLOOR),
          Math.max(1, limit / LAST_FLOOR),
          contended == 0 ? limit / 2 / LoopCounts.size() : 0,
          contended);
    }

    /** Returns how many of a class and of those before it may be under way. */
    int upTo(int priority) {
      return priority == 0 ? limit : limit - reserve;
    }

    boolean isContended(int priority) {
      return (contended & 1 << priority) != 0;
    }

    int floorOf(int priority) {
      return priority == ClassCounts.CLASSES - 1 ? lastFloor : floor;
    }
  }

  UpstreamLimit(String upstream, Concurrency policy, MeterRegistry registry) {
    this.refuses = policy.mode() == Concurrency.Mode.ADAPTIVE;
    this.law = new QueueLaw(policy.minimum());
    this.bounds = Bounds.of(law.limit(), 0, 0);
    this.shed =
        Arrays.stream(Priority.values())
            .map(
                priority ->
                    registry.counter(
                        GatewayMetrics.UPSTREAM_SHED,
                        "upstream",
                        upstream,
                        "priority",
                        priority.label()))
            .toArray(Counter[]::new);
  }

  /**
   * Returns a place, which has to be given back by {@link #leave}, or {@link #NO_PLACE}.
   *
   * @param priority the class's place among the classes
   */
  int tryEnter(Exchange exchange, int priority) {
    Bounds now = bounds;
    int own = LoopCounts.own();
    if (counts.here(own) < now.unasked) {
      counts.add(own, priority, 1);
      return PLACE;
    }
    int guest = Holders.guest(exchange, priority);
    if (!hasRoom(now, priority, guest)) {
      counts.noteRefused(own, priority);
      shed[priority].increment();
      if (refuses) {
        return NO_PLACE;
      }
    }
    counts.add(own, priority, 1);
    holders.add(guest, 1);
    return COUNTED_PLACE;
  }

  private boolean hasRoom(Bounds now, int priority, int guest) {
    int free = now.upTo(priority) - counts.upTo(priority);
    return (free > 0 && (!now.isContended(priority) || holders.mayHaveMore(guest, free)))
        || counts.of(priority) < now.floorOf(priority);
  }

  /** Gives a place back. */
  void leave(Exchange exchange, int priority, int place) {
    if (place == COUNTED_PLACE) {
      holders.add(Holders.guest(exchange, priority), -1);
    }
    counts.add(LoopCounts.own(), priority, -1);
  }

  /** Notes how long a good answer took to begin. */
  void note(long nanos) {
    times.note(nanos);
  }

  /** Notes a good answer whose time says nothing. */
  void noteUntimed() {
    times.noteUntimed();
  }

  /** Notes that an attempt's time-out came before an answer. */
  void noteLate() {
    times.noteLate();
  }

  /**
   * Moves the limit; called by one thread only.
   *
   * @param lagNanos by how much our own event loops make all answers look slower
   */
  void look(long nowNanos, long lagNanos) {
    long now = nowNanos / 1_000;
    if (span.isEmpty()) {
      span.beginAnew(lookedAt);
    }
    lookedAt = now;
    times.take(span);
    int contended = takeRefused();
    span.addLook(counts.all());
    law.look(span, now, lagNanos / 1e3);
    queueMicros = law.queueMicros();
    Bounds next = Bounds.of(law.limit(), refuses ? law.reserve() : 0, contended);
    if (!next.equals(bounds)) {
      bounds = next;
    }
  }

  private int takeRefused() {
    int contended = 0;
    for (int priority = 0; priority < ClassCounts.CLASSES; priority++) {
      int refused = counts.takeRefused(priority);
      span.addRefused(refused);
      contended |= refused == 0 ? 0 : 1 << priority;
    }
    return contended;
  }

  /** Returns how many wait now; exact while nobody comes or goes. */
  int waiting() {
    return counts.all();
  }

  /** Returns whether some were refused lately. */
  boolean isPressed() {
    return refuses && bounds.contended != 0;
  }

  int limit() {
    return bounds.limit;
  }

  /** Returns what even the quickest answers wait. */
  double queueSeconds() {
    return queueMicros / 1e6;
  }
}
