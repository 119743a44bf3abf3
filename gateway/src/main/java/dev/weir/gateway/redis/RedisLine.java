package dev.weir.gateway.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, dialled again whenever it is lost, at the latest a second later.
 *
 * <p>Lettuce's own reconnect is off on purpose: it keeps commands for the next connection, and a
 * draw that is sent again may take twice. Without it a lost connection fails what was under way at
 * once. It also cannot start without a server, which an edge has to.
 */
final class RedisLine implements AutoCloseable {
  private static final long FIRST_DELAY_MILLIS = 50;
  private static final long LONGEST_DELAY_MILLIS = 1000;
  private static final Duration LIVED_SHORT = Duration.ofSeconds(1);

  /**
   * From the first packet to the end of the handshake. Lettuce bounds the connect alone, and was
   * seen to drop the answer to its HELLO and wait on.
   */
  private static final long DIAL_MILLIS = 2_000;

  private final RedisClient client;
  private final RedisURI uri;
  private final Duration timeout;
  private final ScheduledExecutorService executor;
  private final Consumer<StatefulRedisConnection<String, String>> whenConnected;
  private final Runnable whenLost;

  // The connection in use, or null between two. Only a compare-and-set takes it away, so each loss
  // is noticed by one thread, which dials.
  private final AtomicReference<@Nullable StatefulRedisConnection<String, String>> current =
      new AtomicReference<>();
  private volatile long connectedNanos;
  private volatile boolean closed;

  RedisLine(
      RedisClient client,
      RedisURI uri,
      Duration timeout,
      ScheduledExecutorService executor,
      Consumer<StatefulRedisConnection<String, String>> whenConnected,
      Runnable whenLost) {
    this.client = client;
    this.uri = uri;
    this.timeout = timeout;
    this.executor = executor;
    this.whenConnected = whenConnected;
    this.whenLost = whenLost;
  }

  void start() {
    dial(FIRST_DELAY_MILLIS);
  }

  Optional<StatefulRedisConnection<String, String>> connection() {
    return Optional.ofNullable(current.get());
  }

  /** Gives up a connection that does not answer, or is gone. */
  void drop(StatefulRedisConnection<String, String> lost) {
    if (!current.compareAndSet(lost, null)) {
      return;
    }
    closeQuietly(lost);
    whenLost.run();
    // A server that accepts and then fails at once is not to be dialled in a circle.
    boolean livedShort = System.nanoTime() - connectedNanos < LIVED_SHORT.toNanos();
    dialLater(livedShort ? LONGEST_DELAY_MILLIS : FIRST_DELAY_MILLIS);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
  private void dial(long nextDelay) {
    if (closed) {
      return;
    }
    CompletableFuture<StatefulRedisConnection<String, String>> dialled =
        client.connectAsync(StringCodec.UTF8, uri).toCompletableFuture();
    dialled
        .copy()
        .orTimeout(DIAL_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete(
            (connection, failure) -> {
              if (connection == null || failure != null) {
                dialled.thenAccept(RedisLine::closeQuietly);
                dialLater(nextDelay);
                return;
              }
              connected(connection);
            });
  }

  private void connected(StatefulRedisConnection<String, String> connection) {
    connection.setTimeout(timeout);
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            drop(connection);
          }
        });
    connectedNanos = System.nanoTime();
    current.set(connection);
    if (closed) {
      closeQuietly(connection);
      return;
    }
    // Lost before the listener stood.
    if (!connection.isOpen()) {
      drop(connection);
      return;
    }
    whenConnected.accept(connection);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // fails only when the executor is shut down
  private void dialLater(long delay) {
    if (closed || executor.isShutdown()) {
      return;
    }
    long jittered = delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1);
    long next = Math.min(LONGEST_DELAY_MILLIS, delay * 2);
    executor.schedule(() -> dial(next), jittered, TimeUnit.MILLISECONDS);
  }

  /** Dials no more; the client's own shutdown closes the connection. */
  @Override
  public void close() {
    closed = true;
    current.set(null);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end of a dead connection
  private static void closeQuietly(StatefulRedisConnection<String, String> connection) {
    connection.closeAsync();
  }
}
