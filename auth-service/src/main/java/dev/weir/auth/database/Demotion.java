package dev.weir.auth.database;

import io.r2dbc.spi.R2dbcException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When a connection was last found to be to a host that may not be written to any more. Every one
 * that was open then may be to that host, and would go on failing until its life is over.
 */
public final class Demotion {
  /** By which pools date their connections; no test moves it. */
  private static final InstantSource CLOCK = InstantSource.system();

  private static final String READ_ONLY_TRANSACTION = "25006";

  /** In milliseconds; a single word that only grows. */
  private final AtomicLong seen = new AtomicLong(Long.MIN_VALUE);

  public boolean hasSeen(long openedMillis) {
    return openedMillis <= seen.get();
  }

  void look(Throwable error) {
    for (var cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof R2dbcException of && READ_ONLY_TRANSACTION.equals(of.getSqlState())) {
        seen.accumulateAndGet(CLOCK.millis(), Math::max);
        return;
      }
    }
  }
}
