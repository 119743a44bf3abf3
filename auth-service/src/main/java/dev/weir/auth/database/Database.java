package dev.weir.auth.database;

import dev.weir.auth.problem.AuthError;
import dev.weir.auth.problem.Problem;
import dev.weir.auth.problem.Refused;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.R2dbcException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.r2dbc.UncategorizedR2dbcException;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Runs statements, alone or as one transaction, with an end to every wait. The server's own
 * time-outs do not help against a server that is frozen, so the client's clock cuts first; either
 * way the caller gets 503 and never a 500 or a 401.
 */
public final class Database {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration GIVEN_UP = Duration.ofSeconds(15);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final Demotion demotion;
  private final OutageLog outages;
  private final DatabaseClient client;
  private final TransactionalOperator transaction;

  public Database(ConnectionFactory connections) {
    this(connections, new Demotion());
  }

  /** Makes the road, and tells what is found on it of a primary that is none any more. */
  public Database(ConnectionFactory connections, Demotion demotion) {
    this(connections, demotion, new OutageLog("database", "answering 503"));
  }

  private Database(ConnectionFactory connections, Demotion demotion, OutageLog outages) {
    this.demotion = demotion;
    this.outages = outages;
    this.client = DatabaseClient.create(connections);
    this.transaction = TransactionalOperator.create(new R2dbcTransactionManager(connections));
  }

  /** Makes the road to a copy that may lag; it is never needed, and its loss says so. */
  public static Database replica(ConnectionFactory connections) {
    var outages = new OutageLog("replica", "reading from the primary");
    return new Database(connections, new Demotion(), outages);
  }

  /** Makes another road to the same database; when that is lost, one of them says so. */
  public Database beside(ConnectionFactory connections) {
    return new Database(connections, demotion, outages);
  }

  public DatabaseClient.GenericExecuteSpec sql(String sql) {
    return client.sql(sql);
  }

  /**
   * Bounds work that needs no transaction of its own. What bounds it is the caller's patience: the
   * statement is left to its end, which the server's own limits see to, because the driver leaks
   * the rows of one that is cancelled while they arrive. For the same reason a client that goes
   * away cancels nothing. A connection that has died without a word is given up in the end.
   */
  public <T> Mono<T> run(Mono<T> work) {
    return detached(work.timeout(GIVEN_UP).doOnError(demotion::look))
        .timeout(PATIENCE)
        .doOnSuccess(_ -> outages.back())
        .onErrorMap(Database::isOutage, this::unavailable);
  }

  /**
   * Runs the work as one transaction: all of it is committed before the value comes out, or none
   * is.
   */
  public <T> Mono<T> inTransaction(Mono<T> work) {
    return run(transaction.transactional(work));
  }

  private static <T> Mono<T> detached(Mono<T> work) {
    return Mono.deferContextual(
        context -> {
          var result = Sinks.<T>one();
          work.contextWrite(context)
              .subscribe(result::tryEmitValue, result::tryEmitError, result::tryEmitEmpty);
          return result.asMono();
        });
  }

  private static boolean isOutage(Throwable error) {
    return switch (error) {
      case DataIntegrityViolationException _ -> false;
      case InvalidDataAccessResourceUsageException _ -> false;
      case TimeoutException _ -> true;
      case TransientDataAccessException _ -> true;
      case NonTransientDataAccessResourceException _ -> true;
      case UncategorizedR2dbcException _ -> true;
      case TransactionException _ -> true;
      case R2dbcException _ -> true;
      default -> false;
    };
  }

  private Refused unavailable(Throwable cause) {
    outages.lost(cause);
    return Problem.of(AuthError.DATABASE_UNAVAILABLE).retryAfter(RETRY_AFTER).refuse();
  }
}
