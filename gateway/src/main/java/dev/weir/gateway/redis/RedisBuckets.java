package dev.weir.gateway.redis;

import dev.weir.gateway.throttle.BucketShape;
import dev.weir.gateway.throttle.BucketStore;
import dev.weir.gateway.throttle.Draw;
import dev.weir.gateway.throttle.Drawn;
import dev.weir.gateway.throttle.StoreFailure;
import dev.weir.gateway.throttle.Tier;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The token buckets of all instances, in Redis: one script call draws from all tiers or from none.
 *
 * <p>Per call: one EVALSHA on the one shared connection, pipelined with everyone else's, with a key
 * and nine numbers per tier. O(tiers) here, O(lessees of the keys) there. BucketsBench, two cores
 * shared with the server: 36,000 to 46,000 draws a second with one tier, 17,000 with four; it was
 * 60,000 and 28,000 before buckets knew leases. EVAL follows only where the server does not know
 * the script, which is after its start or a SCRIPT FLUSH, and teaches it.
 */
final class RedisBuckets implements BucketStore {
  private static final Script DRAW = Script.load("draw.lua");
  private static final String LEASE_MILLIS = Long.toString(LEASE.toMillis());
  private static final int HEAD = 2;
  private static final int WIDTH = 9;
  private static final int REPLY_WIDTH = 4;
  static final String PROBE_KEY = "weir:{tb}:4:probe";
  private static final List<Draw> PROBE =
      List.of(Draw.one(new Tier(PROBE_KEY, new BucketShape(1, 1_000, 1_000_000))));

  private final RedisLine line;
  private final String instance = UUID.randomUUID().toString();

  RedisBuckets(RedisLine line) {
    this.line = line;
  }

  @Override
  public CompletionStage<List<Drawn>> draw(List<Draw> draws) {
    Wire wire = line.wire().orElse(null);
    if (wire == null) {
      return CompletableFuture.failedFuture(
          new StoreFailure(
              StoreFailure.Kind.UNREACHABLE, "no connection to redis: " + line.whyNot()));
    }
    String[] keys = keys(draws);
    String[] arguments = arguments(instance, draws);
    RedisClusterAsyncCommands<String, String> commands = wire.commands();
    return commands
        .<List<Long>>evalsha(DRAW.digest(), ScriptOutputType.MULTI, keys, arguments)
        .exceptionallyCompose(
            failure ->
                // EVAL keeps the script as well, so that the next draw finds it.
                unwrap(failure) instanceof RedisNoScriptException
                    ? commands.<List<Long>>eval(
                        DRAW.text(), ScriptOutputType.MULTI, keys, arguments)
                    : CompletableFuture.failedFuture(failure))
        .handle((reply, failure) -> answer(wire, draws, reply, failure));
  }

  /**
   * Draws from a bucket of its own: a replica or a full server answers PING, but gives nothing. Is
   * asked only while the breaker is open, so a probe that fails gives the connection up: it may
   * hang on a path that is gone, where TCP would try for minutes, or lead to a server that is the
   * master no more.
   */
  @Override
  public CompletionStage<Void> probe() {
    Wire used = line.wire().orElse(null);
    return draw(PROBE)
        .handle(
            (states, failure) -> {
              if (failure == null) {
                return null;
              }
              if (used != null) {
                line.drop(used);
              }
              throw translate(unwrap(failure));
            });
  }

  static String[] keys(List<Draw> draws) {
    String[] keys = new String[draws.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = draws.get(i).tier().key();
    }
    return keys;
  }

  static String[] arguments(String instance, List<Draw> draws) {
    String[] arguments = new String[HEAD + WIDTH * draws.size()];
    arguments[0] = instance;
    arguments[1] = LEASE_MILLIS;
    for (int i = 0; i < draws.size(); i++) {
      put(arguments, HEAD + WIDTH * i, draws.get(i));
    }
    return arguments;
  }

  private static void put(String[] arguments, int at, Draw draw) {
    BucketShape shape = draw.tier().shape();
    Draw.Report report = draw.report();
    arguments[at] = Long.toString(shape.unit());
    arguments[at + 1] = Long.toString(shape.refill());
    arguments[at + 2] = Long.toString(shape.capacity());
    arguments[at + 3] = Integer.toString(draw.need());
    arguments[at + 4] = Long.toString(report.lessee());
    arguments[at + 5] = Long.toString(report.number());
    arguments[at + 6] = Long.toString(report.held());
    arguments[at + 7] = Long.toString(report.want());
    arguments[at + 8] = Long.toString(report.returned());
  }

  private List<Drawn> answer(
      Wire wire, List<Draw> draws, @Nullable List<Long> reply, @Nullable Throwable failure) {
    if (failure != null) {
      Throwable cause = unwrap(failure);
      if (cause instanceof RedisReadOnlyException) {
        // A replica by now: Sentinel, or the name in the URI, knows who is the master.
        line.drop(wire);
      }
      throw translate(cause);
    }
    return read(draws, reply);
  }

  static List<Drawn> read(List<Draw> draws, @Nullable List<Long> reply) {
    if (reply == null || reply.size() != REPLY_WIDTH * draws.size()) {
      throw new StoreFailure(StoreFailure.Kind.ERROR, "the script answered out of shape");
    }
    List<Drawn> drawn = new ArrayList<>(draws.size());
    for (int i = 0; i < reply.size(); i += REPLY_WIDTH) {
      drawn.add(new Drawn(reply.get(i) == 1, reply.get(i + 1), reply.get(i + 2), reply.get(i + 3)));
    }
    return drawn;
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
