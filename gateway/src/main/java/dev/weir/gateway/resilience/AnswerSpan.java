package dev.weir.gateway.resilience;

/** What was seen of an upstream since the last decision; times in microseconds. One thread's. */
final class AnswerSpan {
  /** Fewer say nothing yet. */
  private static final int ANSWERS = 10;

  private int answers;
  private long sum;
  private long shortest;
  private int untimed;
  private int late;
  private int refused;
  private long begin;
  private long underWay;
  private int looks;

  AnswerSpan() {
    beginAnew(0);
  }

  void add(int number, long sumMicros, long shortestMicros) {
    answers += number;
    sum += sumMicros;
    shortest = Math.min(shortest, shortestMicros);
  }

  /** Adds answers whose time says nothing: that of a request's body was in it. */
  void addUntimed(int number) {
    untimed += number;
  }

  void addLate(int number) {
    late += number;
  }

  void addRefused(int number) {
    refused += number;
  }

  /** Notes how many requests wait at this moment. */
  void addLook(int waiting) {
    underWay += waiting;
    looks++;
  }

  boolean isEmpty() {
    return answers + untimed + late == 0;
  }

  /** Returns whether there is enough to decide by. */
  boolean tells() {
    return answers + late >= ANSWERS && (isLate() || 2 * answers >= ANSWERS);
  }

  /** Returns whether most of what was asked never came. */
  boolean isLate() {
    return late > answers + untimed;
  }

  /** Returns whether some were refused although most of what was asked came, without a time. */
  boolean refusesBlindly() {
    return refused > 0 && untimed > late;
  }

  boolean hasRefused() {
    return refused > 0;
  }

  long begin() {
    return begin;
  }

  long length(long now) {
    return now - begin;
  }

  /** Returns the answers of a microsecond. */
  double rate(long now) {
    return (double) answers / Math.max(1, now - begin);
  }

  double mean() {
    return (double) sum / answers;
  }

  double quickest() {
    return shortest;
  }

  /** Returns how many waited on average. */
  double underWay() {
    return looks == 0 ? 0 : (double) underWay / looks;
  }

  void beginAnew(long now) {
    answers = 0;
    untimed = 0;
    sum = 0;
    shortest = Long.MAX_VALUE;
    late = 0;
    refused = 0;
    begin = now;
    underWay = 0;
    looks = 0;
  }
}
