package dev.weir.auth.redis;

import dev.weir.auth.observe.AuthMetrics;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * The one connection to Redis. A call ends within half a second; after a failed one, nobody asks
 * again for a second, so that a Redis that hangs costs the callers nothing. One log line per change
 * of state.
 */
public final class RedisLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long FAREWELL_MILLIS = 1_500;
  private static final Duration FIRST_RETRY = Duration.ofMillis(200);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);
  private static final int SOON = 30;
  private static final Duration SELDOM = Duration.ofSeconds(15);
  private static final long UP = 0;

  /**
   * The client's own pauses double to half a minute, and until it tries again no gateway hears who
   * has logged out. Random, so that many instances do not come at one moment.
   */
  private static final Delay BETWEEN_TRIES =
      Delay.equalJitter(Duration.ofMillis(50), Duration.ofSeconds(1), 50, TimeUnit.MILLISECONDS);

  private final RedisURI target;
  private final ClientResources resources;
  private final RedisClient client;
  private final LongSupplier ticker;

  /** Set once by the connecting thread; readers that come too early see none and fall back. */
  private final AtomicReference<Optional<StatefulRedisConnection<String, String>>> connection =
      new AtomicReference<>(Optional.empty());

  /**
   * 0 while up, else the tick at which Redis may be tried again; a single word, so no reader sees
   * half a state.
   */
  private final AtomicLong pausedUntil = new AtomicLong(UP);

  /** Whether what a connection began has failed, and not succeeded since. */
  private final AtomicBoolean isBehind = new AtomicBoolean();

  /** What a connection began; the next one begins it anew. */
  private final Disposable.Swap telling = Disposables.swap();

  public RedisLink(RedisURI uri, LongSupplier ticker, AuthMetrics metrics) {
    this.target = uri;
    this.ticker = ticker;
    this.resources = ClientResources.builder().reconnectDelay(BETWEEN_TRIES).build();
    this.client = RedisClient.create(resources, uri);
    client.setOptions(
        ClientOptions.builder()
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .timeoutOptions(TimeoutOptions.enabled(PATIENCE))
            .socketOptions(SocketOptions.builder().connectTimeout(Duration.ofSeconds(1)).build())
            .build());
    metrics.redisUp(() -> isUp() ? 1 : 0);
  }

  /**
   * Connects, for as long as it takes; {@code onConnected} runs after this and every later
   * connection, again and again until it has succeeded.
   */
  public void open(Mono<Void> onConnected) {
    client.addListener(new Watch(onConnected));
    Mono.fromCompletionStage(() -> client.connectAsync(StringCodec.UTF8, target))
        .doOnError(_ -> down())
        .retryWhen(Retry.backoff(Long.MAX_VALUE, FIRST_RETRY).maxBackoff(LAST_RETRY))
        .doOnNext(c -> connection.set(Optional.of(c)))
        .subscribe(_ -> connected(onConnected));
  }

  /** Runs commands, or fails fast. */
  <T> Flux<T> call(Function<RedisReactiveCommands<String, String>, Flux<T>> commands) {
    var open = connection.get();
    if (open.isEmpty() || isPaused()) {
      return Flux.error(new RedisUnavailable());
    }
    return commands
        .apply(open.get().reactive())
        .timeout(PATIENCE)
        .doOnError(_ -> down())
        .doOnComplete(this::up);
  }

  private boolean isUp() {
    return connection.get().isPresent() && pausedUntil.get() == UP;
  }

  private boolean isPaused() {
    long until = pausedUntil.get();
    return until != UP && until - ticker.getAsLong() > 0;
  }

  private void down() {
    long until = ticker.getAsLong() + PAUSE_NANOS;
    if (pausedUntil.getAndSet(until == UP ? 1 : until) == UP) {
      LOG.warn("redis lost: throttles count locally, revocations wait in the outbox");
    }
  }

  private void up() {
    if (pausedUntil.getAndSet(UP) != UP) {
      LOG.info("redis is back");
    }
  }

  /**
   * Until it is done: a Redis that has just come takes connections before it takes writes, as while
   * it loads what it has saved, and no other connection would come that begins it anew. Every two
   * seconds for a minute, then less often.
   */
  private void connected(Mono<Void> onConnected) {
    up();
    var told = onConnected.doOnError(this::behind).doOnSuccess(_ -> caughtUp());
    telling.update(
        told.retryWhen(Retry.backoff(SOON, FIRST_RETRY).maxBackoff(LAST_RETRY))
            .onErrorResume(_ -> told.delaySubscription(SELDOM).retry())
            .subscribe());
  }

  private void behind(Throwable failure) {
    if (isBehind.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("cause", failure.toString())
          .log("recent revocations are not told again yet: tried until they are");
    }
  }

  private void caughtUp() {
    if (isBehind.compareAndSet(true, false)) {
      LOG.info("recent revocations are told again");
    }
  }

  @Override
  public void close() {
    telling.dispose();
    // Lettuce's own way waits for as long as it takes.
    var _ =
        client
            .shutdownAsync(0, 1, TimeUnit.SECONDS)
            .handle((closed, failure) -> failure == null)
            .completeOnTimeout(false, FAREWELL_MILLIS, TimeUnit.MILLISECONDS)
            .join();
    var _ = resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(FAREWELL_MILLIS);
  }

  /** Sees the reconnections that the client makes by itself. */
  private final class Watch implements RedisConnectionStateListener {
    private final Mono<Void> onConnected;

    Watch(Mono<Void> onConnected) {
      this.onConnected = onConnected;
    }

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
      if (connection.get().isPresent()) {
        connected(onConnected);
      }
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
      down();
    }
  }
}
