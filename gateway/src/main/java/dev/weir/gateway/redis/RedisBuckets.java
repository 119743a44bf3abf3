package dev.weir.gateway.redis;

import dev.weir.gateway.throttle.BucketShape;
import dev.weir.gateway.throttle.BucketStore;
import dev.weir.gateway.throttle.StoreFailure;
import dev.weir.gateway.throttle.Tier;
import dev.weir.gateway.throttle.TierState;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The token buckets of all instances, in Redis: one script call takes from all tiers or from none.
 *
 * <p>Per request: one EVALSHA on the one shared connection, pipelined with everyone else's, with a
 * key and three numbers per tier. O(tiers) here and there. BucketsBench, two cores shared with the
 * server: 60,000 draws a second with one tier, 28,000 with four. EVAL follows only where the server
 * does not know the script, which is after its start or a SCRIPT FLUSH, and teaches it.
 */
final class RedisBuckets implements BucketStore {
  private static final Script TAKE = Script.load("take.lua");
  private static final List<Tier> PROBE =
      List.of(new Tier("weir:{tb}:probe", new BucketShape(1, 1_000, 1_000_000)));

  private final RedisLine line;

  RedisBuckets(RedisLine line) {
    this.line = line;
  }

  @Override
  public CompletionStage<List<TierState>> take(List<Tier> tiers) {
    StatefulRedisConnection<String, String> connection = line.connection().orElse(null);
    if (connection == null) {
      return CompletableFuture.failedFuture(
          new StoreFailure(StoreFailure.Kind.UNREACHABLE, "no connection to redis"));
    }
    String[] keys = keys(tiers);
    String[] numbers = numbers(tiers);
    RedisAsyncCommands<String, String> commands = connection.async();
    return commands
        .<List<Long>>evalsha(TAKE.digest(), ScriptOutputType.MULTI, keys, numbers)
        .exceptionallyCompose(
            failure ->
                // EVAL keeps the script as well, so that the next draw finds it.
                unwrap(failure) instanceof RedisNoScriptException
                    ? commands.<List<Long>>eval(TAKE.text(), ScriptOutputType.MULTI, keys, numbers)
                    : CompletableFuture.failedFuture(failure))
        .handle((reply, failure) -> answer(tiers, reply, failure));
  }

  /**
   * Draws from a bucket of its own: a replica or a full server answers PING, but gives nothing. Is
   * asked only while the breaker is open, so a probe that gets no answer gives the connection up:
   * it may hang on a path that is gone, where TCP would try for minutes.
   */
  @Override
  public CompletionStage<Void> probe() {
    StatefulRedisConnection<String, String> used = line.connection().orElse(null);
    return take(PROBE)
        .handle(
            (states, failure) -> {
              if (failure == null) {
                return null;
              }
              StoreFailure cause = translate(unwrap(failure));
              if (used != null && cause.kind() == StoreFailure.Kind.TIMEOUT) {
                line.drop(used);
              }
              throw cause;
            });
  }

  private static String[] keys(List<Tier> tiers) {
    String[] keys = new String[tiers.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = tiers.get(i).key();
    }
    return keys;
  }

  private static String[] numbers(List<Tier> tiers) {
    String[] numbers = new String[3 * tiers.size()];
    for (int i = 0; i < tiers.size(); i++) {
      BucketShape shape = tiers.get(i).shape();
      numbers[3 * i] = Long.toString(shape.unit());
      numbers[3 * i + 1] = Long.toString(shape.refill());
      numbers[3 * i + 2] = Long.toString(shape.capacity());
    }
    return numbers;
  }

  private static List<TierState> answer(
      List<Tier> tiers, @Nullable List<Long> reply, @Nullable Throwable failure) {
    if (failure != null) {
      throw translate(unwrap(failure));
    }
    if (reply == null || reply.size() != 3 * tiers.size()) {
      throw new StoreFailure(StoreFailure.Kind.ERROR, "the script answered out of shape");
    }
    List<TierState> states = new ArrayList<>(tiers.size());
    for (int i = 0; i < reply.size(); i += 3) {
      states.add(new TierState(reply.get(i) == 1, reply.get(i + 1), reply.get(i + 2)));
    }
    return states;
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private static StoreFailure translate(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case StoreFailure known -> known;
      case RedisCommandTimeoutException slow ->
          new StoreFailure(StoreFailure.Kind.TIMEOUT, message);
      case RedisConnectionException gone ->
          new StoreFailure(StoreFailure.Kind.UNREACHABLE, message);
      case RedisException other when !isOfTheLine(other) ->
          new StoreFailure(StoreFailure.Kind.ERROR, message);
      default -> new StoreFailure(StoreFailure.Kind.UNREACHABLE, message);
    };
  }

  /** Lettuce reports a closed connection or a full queue by the plain type. */
  private static boolean isOfTheLine(RedisException failure) {
    return failure.getClass() == RedisException.class;
  }
}
