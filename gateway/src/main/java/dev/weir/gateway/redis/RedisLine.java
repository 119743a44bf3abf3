package dev.weir.gateway.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
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
 * One connection, dialled again whenever it is lost, at the latest a second later, and each time to
 * whoever is in charge by then. The pauses between are of random length, so that a thousand
 * instances do not all come back at once.
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
   * From the first packet to the end of the handshake, of a cluster to the last answer about its
   * nodes. Lettuce bounds the connect alone, and was seen to drop the answer to its HELLO and wait
   * on.
   */
  private static final long DIAL_MILLIS = 4_000;

  private final Dial dial;
  private final ScheduledExecutorService executor;
  private final Consumer<Wire> whenConnected;
  private final Runnable whenLost;

  // The connection in use, or null between two. Only a compare-and-set takes it away, so each loss
  // is noticed by one thread, which dials.
  private final AtomicReference<@Nullable Wire> current = new AtomicReference<>();
  private volatile String whyNot = "not dialled yet";
  private volatile long connectedNanos;
  private volatile boolean closed;

  RedisLine(
      Dial dial,
      ScheduledExecutorService executor,
      Consumer<Wire> whenConnected,
      Runnable whenLost) {
    this.dial = dial;
    this.executor = executor;
    this.whenConnected = whenConnected;
    this.whenLost = whenLost;
  }

  void start() {
    dial(FIRST_DELAY_MILLIS);
  }

  Optional<Wire> wire() {
    return Optional.ofNullable(current.get());
  }

  /** Returns why there was no connection when last one was dialled. */
  String whyNot() {
    return whyNot;
  }

  /** Gives up a connection that does not answer, or is gone. */
  void drop(Wire lost) {
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
    CompletableFuture<Wire> dialled = dial.dial().toCompletableFuture();
    dialled
        .copy()
        .orTimeout(DIAL_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete(
            (wire, failure) -> {
              if (wire == null || failure != null) {
                whyNot = failure == null ? "no answer" : rootMessage(failure);
                dialled.thenAccept(RedisLine::closeQuietly);
                dialLater(nextDelay);
                return;
              }
              connected(wire);
            });
  }

  /** What stands innermost says most: a wrong password, an unknown authority, a refused port. */
  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private void connected(Wire wire) {
    wire.channel()
        .addListener(
            new RedisConnectionStateListener() {
              @Override
              public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                drop(wire);
              }
            });
    connectedNanos = System.nanoTime();
    whyNot = "the connection was lost";
    current.set(wire);
    if (closed) {
      closeQuietly(wire);
      return;
    }
    // Lost before the listener stood.
    if (!wire.channel().isOpen()) {
      drop(wire);
      return;
    }
    whenConnected.accept(wire);
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
  private static void closeQuietly(Wire wire) {
    wire.owner().closeAsync();
  }
}
