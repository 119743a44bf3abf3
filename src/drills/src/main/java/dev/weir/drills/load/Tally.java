package dev.weir.drills.load;

/** How much was done in which time, the last answer included. */
public record Tally(long count, long nanos) {
  public double perSecond() {
    return count / (nanos / 1e9);
  }

  public Tally and(Tally other) {
    return new Tally(count + other.count, nanos + other.nanos);
  }
}
