package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.config.Settings.Logins;
import java.time.Duration;

/**
 * The roles that the service comes to Postgres as: what one statement of each may take, how long it
 * waits for a lock, and how many connections it has.
 */
enum DatabaseRole {
  APPLICATION(Duration.ofSeconds(2), 16),
  OUTBOX(Duration.ofSeconds(2), 4),
  PURGING(Duration.ofSeconds(30), 1),
  /** For commands only: a verification reads the whole log. */
  READING(Duration.ofSeconds(30), 2);

  static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);

  private final Duration statementTimeout;
  private final int maxConnections;

  DatabaseRole(Duration statementTimeout, int maxConnections) {
    this.statementTimeout = statementTimeout;
    this.maxConnections = maxConnections;
  }

  Login of(Logins logins) {
    return switch (this) {
      case APPLICATION -> logins.application();
      case OUTBOX -> logins.outbox();
      case PURGING -> logins.purging();
      case READING -> logins.reading();
    };
  }

  Duration statementTimeout() {
    return statementTimeout;
  }

  int maxConnections() {
    return maxConnections;
  }
}
