package dev.weir.gateway.redis;

import java.util.Comparator;

/** The id of a stream's entry; ids only grow while a server keeps its data. */
record StreamId(long millis, long sequence) implements Comparable<StreamId> {
  static final StreamId ZERO = new StreamId(0, 0);
  private static final Comparator<StreamId> ORDER =
      Comparator.comparingLong(StreamId::millis).thenComparingLong(StreamId::sequence);

  static StreamId of(String text) {
    int dash = text.indexOf('-');
    return new StreamId(
        Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
  }

  @Override
  public int compareTo(StreamId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return millis + "-" + sequence;
  }
}
