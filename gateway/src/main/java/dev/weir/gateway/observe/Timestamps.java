package dev.weir.gateway.observe;

import io.netty.util.concurrent.FastThreadLocal;
import java.time.Instant;

/**
 * Writes instants as RFC 3339 with milliseconds, in UTC. A thread formats a second once and then
 * only the milliseconds: the calendar is most of the cost of a time stamp.
 */
final class Timestamps {
  private static final FastThreadLocal<Second> LAST =
      new FastThreadLocal<>() {
        @Override
        protected Second initialValue() {
          return new Second();
        }
      };

  private Timestamps() {}

  private static final class Second {
    private long epochSecond = Long.MIN_VALUE;
    private String text = "";

    String text(long wanted) {
      if (wanted != epochSecond) {
        String whole = Instant.ofEpochSecond(wanted).toString();
        text = whole.substring(0, whole.length() - 1);
        epochSecond = wanted;
      }
      return text;
    }
  }

  static void append(StringBuilder out, long epochMillis) {
    long second = Math.floorDiv(epochMillis, 1000L);
    int millis = (int) Math.floorMod(epochMillis, 1000L);
    out.append(LAST.get().text(second)).append('.');
    out.append((char) ('0' + millis / 100));
    out.append((char) ('0' + millis / 10 % 10));
    out.append((char) ('0' + millis % 10)).append('Z');
  }
}
