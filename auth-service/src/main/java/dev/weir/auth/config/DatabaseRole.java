package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Login;
import dev.weir.auth.config.Settings.Logins;
import java.time.Duration;
import java.util.function.Function;

/**
 * The roles that the service comes to Postgres as: what one statement of each may take, how long it
 * waits for a lock, and how many connections it has.
 */
enum DatabaseRole {
  APPLICATION(Logins::application, Duration.ofSeconds(2), 16),
  OUTBOX(Logins::outbox, Duration.ofSeconds(2), 4),
  PURGING(Logins::purging, Duration.ofSeconds(30), 1),
  /** For commands only: a verification reads the whole log. */
  READING(Logins::reading, Duration.ofSeconds(30), 2);

  static final Duration LOCK_TIMEOUT = Duration.ofSeconds(1);

  private final Function<Logins, Login> login;
  private final Duration statementTimeout;
  private final int maxConnections;

  DatabaseRole(Function<Logins, Login> login, Duration statementTimeout, int maxConnections) {
    this.login = login;
    this.statementTimeout = statementTimeout;
    this.maxConnections = maxConnections;
  }

  Login of(Logins logins) {
    return login.apply(logins);
  }

  Duration statementTimeout() {
    return statementTimeout;
  }

  int maxConnections() {
    return maxConnections;
  }
}
