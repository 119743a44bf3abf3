package dev.weir.drills.load;

import dev.weir.drills.timeline.Outcome;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpClientCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/** HTTP/1.1: one request at a time on a connection; the one that rested least goes first. */
final class Http1Client implements Client {
  private static final int CONNECTIONS_AT_MOST = 1_024;

  /** Well below what any server waits, so that no request crosses a server's farewell. */
  private static final Duration REST = Duration.ofSeconds(1);

  private static final Outcome NEVER_SENT = Outcome.failed("no free connection in 10 s");

  private final Dial dial;
  private final ArrayDeque<Http1Connection> idle = new ArrayDeque<>();
  private final Set<Http1Connection> open = new LinkedHashSet<>();
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private boolean closed;

  Http1Client(Dial dial) {
    this.dial = dial;
  }

  @Override
  public void send(Pending pending) {
    var connection = idle.pollLast();
    if (connection != null) {
      connection.send(pending);
    } else if (open.size() < CONNECTIONS_AT_MOST) {
      open(pending);
    } else {
      waiting.add(pending);
    }
  }

  private void open(Pending first) {
    var connection = new Http1Connection(this, dial.authority());
    open.add(connection);
    var connecting =
        dial.connect(channel -> channel.pipeline().addLast(new HttpClientCodec(), connection));
    var _ =
        connecting.addListener(
            _ -> {
              if (connecting.isSuccess() && !closed) {
                connection.send(first);
              } else {
                refused(connection, first, connecting);
              }
            });
  }

  private void refused(Http1Connection connection, Pending first, ChannelFuture connecting) {
    gone(connection);
    first.ended(Client.notConnected(connecting));
  }

  /** Takes a connection back whose answer is whole. */
  void rest(Http1Connection connection) {
    var next = waiting.poll();
    if (next == null) {
      connection.restFrom(System.nanoTime());
      idle.addLast(connection);
    } else {
      connection.send(next);
    }
  }

  /** Hears that a connection is closed. */
  void gone(Http1Connection connection) {
    open.remove(connection);
    idle.remove(connection);
    var next = closed ? null : waiting.poll();
    if (next != null) {
      open(next);
    }
  }

  @Override
  public void sweep(long nowNanos) {
    new ArrayList<>(open).forEach(connection -> connection.sweep(nowNanos));
    for (var oldest = idle.peekFirst();
        oldest != null && nowNanos - oldest.restsSince() > REST.toNanos();
        oldest = idle.peekFirst()) {
      idle.remove(oldest);
      oldest.close();
    }
    Predicate<Pending> late = pending -> Client.isLate(pending, nowNanos);
    waiting.stream().filter(late).forEach(pending -> pending.ended(NEVER_SENT));
    waiting.removeIf(late);
  }

  @Override
  public long resent() {
    return 0;
  }

  @Override
  public void close() {
    closed = true;
    new ArrayList<>(open).forEach(Http1Connection::close);
  }
}
