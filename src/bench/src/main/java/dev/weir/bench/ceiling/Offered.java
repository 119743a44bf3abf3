package dev.weir.bench.ceiling;

import dev.weir.bench.load.Requests;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * When each request of a caller was sent, whatever came of it, and whichever gateway it went to.
 * Confined to the clients' event loop until that has ended.
 */
final class Offered implements Requests.SendLog {
  private static final int INITIAL = 4096;

  private final long[][] sent;
  private final int[] counts;

  Offered(int callers) {
    sent = new long[callers][INITIAL];
    counts = new int[callers];
  }

  @Override
  public void sent(int caller, long nanos) {
    int count = counts[caller]++;
    if (count == sent[caller].length) {
      sent[caller] = Arrays.copyOf(sent[caller], 2 * count);
    }
    sent[caller][count] = nanos;
  }

  /** Returns the requests of all callers. */
  long total() {
    return IntStream.of(counts).sum();
  }

  /** Returns the moments of a caller, in order. */
  long[] of(int caller) {
    return Arrays.copyOf(sent[caller], counts[caller]);
  }
}
