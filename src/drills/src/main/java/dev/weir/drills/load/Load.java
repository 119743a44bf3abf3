package dev.weir.drills.load;

import dev.weir.bench.load.ClientTls;
import dev.weir.bench.load.Protocol;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The clients of one edge: an open loop over kept-alive connections, on one event loop. What is due
 * is sent whatever became of what was sent before.
 */
public final class Load implements AutoCloseable {
  private static final long SWEEP_MILLIS = 250;

  private final EventLoop loop;
  private final Map<Protocol, Client> clients = new EnumMap<>(Protocol.class);

  /**
   * Prepares clients; they connect when something is due.
   *
   * @param authority the certificate that they trust
   */
  public Load(EventLoop loop, Path authority, int port) throws IOException {
    this.loop = loop;
    for (var protocol : Protocol.values()) {
      var dial = new Dial(loop, ClientTls.of(authority, protocol), port);
      clients.put(
          protocol,
          switch (protocol) {
            case H1 -> new Http1Client(dial);
            case H2 -> new Http2Client(dial);
          });
    }
  }

  /**
   * Offers the lanes' rates.
   *
   * @return is kept when all that was due has ended in one way or another
   */
  public Future<Void> offer(List<Lane> lanes, Offering offering) {
    var run = new OpenLoop(loop, Map.copyOf(clients), lanes, offering);
    return run.start();
  }

  /**
   * Lets everybody do theirs again and again for a time, each over HTTP/1.1 and by itself.
   *
   * @return is kept when the last of it was answered; fails where an answer was not good
   */
  public Future<Tally> repeat(List<Call> everybody, Duration length) {
    var client = client(Protocol.H1);
    var over = new ClosedLoop(loop, client::send, everybody, length).start();
    ScheduledFuture<?> sweeping =
        loop.scheduleAtFixedRate(
            () -> client.sweep(System.nanoTime()),
            SWEEP_MILLIS,
            SWEEP_MILLIS,
            TimeUnit.MILLISECONDS);
    return over.addListener(_ -> sweeping.cancel(false));
  }

  private Client client(Protocol protocol) {
    var client = clients.get(protocol);
    if (client == null) {
      throw new IllegalStateException("no client for " + protocol);
    }
    return client;
  }

  /** Returns the requests that a peer said it did not begin, and that were sent again. */
  public long resent() {
    return clients.values().stream().mapToLong(Client::resent).sum();
  }

  @Override
  public void close() {
    loop.submit(() -> clients.values().forEach(Client::close)).syncUninterruptibly();
  }
}
