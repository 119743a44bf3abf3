package dev.weir.gateway.admission;

import java.util.Locale;

/**
 * What this process may run out of. Each is told as a pressure: 0 is ample, 1 as much as may be.
 */
public enum Signal {
  /** Time on the event loops. */
  LOOP_LAG,
  /** Heap, after a collection of all of it. */
  HEAP,
  /** Memory outside the heap, by Netty's count. */
  DIRECT_MEMORY,
  /** Connections of clients. */
  CONNECTIONS;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Returns the spelling used in metrics. */
  public String label() {
    return label;
  }
}
