package dev.weir.drills.load;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * HTTP/2: a few connections with many streams each. A connection that its peer wants to leave
 * (GOAWAY) takes no more of them; streams that the peer says it did not begin are sent again on
 * another (RFC 9113 §6.8, §8.7), as every client may.
 */
final class Http2Client implements Client {
  private static final int CONNECTIONS = 4;
  private static final int CONNECTIONS_AT_MOST = 128;

  private final Dial dial;
  private final List<Http2Connection> open = new ArrayList<>();
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private int turn;
  private long resent;
  private boolean closed;

  Http2Client(Dial dial) {
    this.dial = dial;
  }

  @Override
  public void send(Pending pending) {
    if (usable() < CONNECTIONS && open.size() < CONNECTIONS_AT_MOST) {
      var fresh = new Http2Connection(this, dial);
      open.add(fresh);
      fresh.connect(pending);
      return;
    }
    for (int i = 0; i < open.size(); i++) {
      var connection = open.get((turn + i) % open.size());
      if (connection.takesMore()) {
        turn = (turn + i + 1) % open.size();
        connection.send(pending);
        return;
      }
    }
    waiting.add(pending);
  }

  private int usable() {
    int found = 0;
    for (int i = 0; i < open.size() && found < CONNECTIONS; i++) {
      found += open.get(i).takesMore() ? 1 : 0;
    }
    return found;
  }

  void sendAgain(Pending pending) {
    resent++;
    send(pending);
  }

  /** Hears that a connection has room. */
  void freed() {
    var next = waiting.poll();
    if (next != null) {
      send(next);
    }
  }

  void gone(Http2Connection connection) {
    open.remove(connection);
    if (!closed) {
      freed();
    }
  }

  @Override
  public void sweep(long nowNanos) {
    new ArrayList<>(open).forEach(connection -> connection.sweep(nowNanos));
    waiting.stream()
        .filter(pending -> Client.isLate(pending, nowNanos))
        .forEach(pending -> pending.ended(Client.TIMED_OUT));
    waiting.removeIf(pending -> Client.isLate(pending, nowNanos));
  }

  @Override
  public long resent() {
    return resent;
  }

  @Override
  public void close() {
    closed = true;
    new ArrayList<>(open).forEach(Http2Connection::close);
  }
}
