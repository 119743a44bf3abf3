package dev.weir.gateway.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;

/**
 * The field that says how long somebody will still wait for the answer, in whole milliseconds from
 * its arrival: a time that is left needs no two clocks that agree. Read from trusted proxies,
 * written to upstreams.
 */
public final class DeadlineField {
  /** Of a request whose sender sets no bound. */
  public static final long UNBOUNDED = Long.MAX_VALUE;

  private static final AsciiString NAME = AsciiString.cached("x-weir-deadline-ms");
  private static final long NANOS = 1_000_000;

  /** Some 31 years: more is no deadline, and would not fit once it is nanoseconds. */
  private static final int MOST_DIGITS = 12;

  private DeadlineField() {}

  /**
   * Returns the time that is left in nanoseconds, or {@link #UNBOUNDED}. Of several fields the
   * shortest time counts; what is no number does not.
   */
  public static long read(HttpHeaders headers) {
    if (!headers.contains(NAME)) {
      return UNBOUNDED;
    }
    long least = UNBOUNDED;
    Iterator<String> values = headers.valueStringIterator(NAME);
    while (values.hasNext()) {
      least = Math.min(least, nanos(values.next()));
    }
    return least;
  }

  private static long nanos(String value) {
    int length = value.length();
    if (length == 0 || length > MOST_DIGITS) {
      return UNBOUNDED;
    }
    long millis = 0;
    for (int i = 0; i < length; i++) {
      char digit = value.charAt(i);
      if (digit < '0' || digit > '9') {
        return UNBOUNDED;
      }
      millis = millis * 10 + (digit - '0');
    }
    return millis * NANOS;
  }

  /** Writes the time that is left, rounded up: no time at all would mean that it is over. */
  public static void write(HttpHeaders headers, long nanos) {
    headers.set(NAME, Long.toString(Math.ceilDiv(nanos, NANOS)));
  }
}
