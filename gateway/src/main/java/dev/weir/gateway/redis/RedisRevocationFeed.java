package dev.weir.gateway.redis;

import dev.weir.gateway.jwt.Revocation;
import dev.weir.gateway.jwt.RevocationSet;
import dev.weir.gateway.observe.GatewayMetrics;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the stream of revocations that the auth service writes, on a connection of its own.
 *
 * <p>The stream, read whole, is the complete set of live revocations. So it is read whole on every
 * new connection, and again when its newest entry is older than the last one read: the server has
 * lost data. Between that it waits in XREAD, which answers within a network trip of a logout.
 * Entries already held stay until they are moot, whatever the stream says.
 *
 * <p>One command is under way at a time, and its answer issues the next, so that the state below
 * belongs to that chain; an answer for a connection that was given up is dropped.
 */
final class RedisRevocationFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisRevocationFeed.class);
  private static final Duration BLOCK = Duration.ofSeconds(1);
  static final Duration TIMEOUT = BLOCK.plusSeconds(2);
  private static final int PAGE = 1000;

  private final RedisLine line;
  private final String stream;
  private final RevocationSet revocations;
  private final MeterRegistry meters;
  private final Gauge gauge;
  private volatile boolean followed;
  private volatile boolean read;

  RedisRevocationFeed(
      RedisAccess access,
      ScheduledExecutorService executor,
      String prefix,
      RevocationSet revocations,
      MeterRegistry meters) {
    this.stream = prefix + "rev:stream";
    this.revocations = revocations;
    this.meters = meters;
    this.line = new RedisLine(access.dial(stream), executor, this::readWhole, this::lost);
    this.gauge =
        Gauge.builder(GatewayMetrics.REVOCATION_FEED_UP, this, feed -> feed.isFollowed() ? 1 : 0)
            .register(meters);
  }

  void start() {
    line.start();
  }

  boolean isFollowed() {
    return followed;
  }

  boolean hasRead() {
    return read;
  }

  private void lost() {
    if (followed) {
      followed = false;
      LOG.atWarn().log("the revocation feed is lost, revocations already held stay in force");
    }
  }

  private void readWhole(Wire wire) {
    readPage(wire, StreamId.ZERO);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
  private void readPage(Wire wire, StreamId after) {
    Range<String> rest =
        Range.from(Range.Boundary.excluding(after.toString()), Range.Boundary.unbounded());
    wire.commands()
        .xrange(stream, rest, Limit.from(PAGE))
        .whenComplete(
            (entries, failure) -> {
              if (gaveUp(wire, failure)) {
                return;
              }
              StreamId last = take(entries, after);
              if (entries.size() == PAGE) {
                readPage(wire, last);
                return;
              }
              caughtUp();
              follow(wire, last);
            });
  }

  private void caughtUp() {
    if (!followed) {
      LOG.atInfo().addKeyValue("held", revocations.held()).log("the revocation feed is followed");
    }
    read = true;
    followed = true;
  }

  // The outcome is taken in the callback; the array is one of varargs.
  @SuppressWarnings({"FutureReturnValueIgnored", "unchecked"})
  private void follow(Wire wire, StreamId last) {
    revocations.sweep();
    wire.commands()
        .xread(
            XReadArgs.Builder.block(BLOCK).count(PAGE), StreamOffset.from(stream, last.toString()))
        .whenComplete(
            (entries, failure) -> {
              if (gaveUp(wire, failure)) {
                return;
              }
              if (entries == null || entries.isEmpty()) {
                checkNewest(wire, last);
                return;
              }
              follow(wire, take(entries, last));
            });
  }

  /** Finds a server that came back with less than it had, without the connection being lost. */
  @SuppressWarnings("FutureReturnValueIgnored") // its outcome is taken in the callback
  private void checkNewest(Wire wire, StreamId last) {
    wire.commands()
        .xrevrange(stream, Range.unbounded(), Limit.from(1))
        .whenComplete(
            (entries, failure) -> {
              if (gaveUp(wire, failure)) {
                return;
              }
              StreamId newest =
                  entries.isEmpty() ? StreamId.ZERO : StreamId.of(entries.getFirst().getId());
              if (newest.compareTo(last) < 0) {
                readWhole(wire);
                return;
              }
              follow(wire, last);
            });
  }

  private boolean gaveUp(Wire wire, @Nullable Throwable failure) {
    if (failure != null) {
      line.drop(wire);
      return true;
    }
    return line.wire().filter(wire::equals).isEmpty();
  }

  private StreamId take(List<StreamMessage<String, String>> entries, StreamId last) {
    for (StreamMessage<String, String> entry : entries) {
      Revocation.of(entry.getBody()).ifPresentOrElse(revocations::add, this::skip);
    }
    return entries.isEmpty() ? last : StreamId.of(entries.getLast().getId());
  }

  private void skip() {
    LOG.atWarn().log("an entry of the revocation stream is malformed and was skipped");
  }

  @Override
  public void close() {
    followed = false;
    line.close();
    meters.remove(gauge);
  }
}
