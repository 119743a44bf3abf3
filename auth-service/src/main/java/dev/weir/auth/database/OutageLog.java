package dev.weir.auth.database;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line when a database is lost and one when it is back, however many statements see it.
 */
final class OutageLog {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int DEEPEST = 6;

  /** Whether the last statement met an outage. */
  private final AtomicBoolean out = new AtomicBoolean();

  private final String what;
  private final String consequence;

  OutageLog(String what, String consequence) {
    this.what = what;
    this.consequence = consequence;
  }

  void back() {
    if (out.get() && out.compareAndSet(true, false)) {
      LOG.info("{} is back", what);
    }
  }

  void lost(Throwable cause) {
    if (out.compareAndSet(false, true)) {
      LOG.atWarn().addKeyValue("cause", chain(cause)).log("{} lost: {}", what, consequence);
    }
  }

  /** What failed, and why: the outermost says no more than that a connection was not to be had. */
  static String chain(Throwable error) {
    return Stream.<Throwable>iterate(error, Objects::nonNull, Throwable::getCause)
        .limit(DEEPEST)
        .map(Throwable::toString)
        .collect(Collectors.joining(", because of "));
  }
}
