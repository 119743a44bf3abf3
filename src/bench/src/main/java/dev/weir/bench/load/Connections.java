package dev.weir.bench.load;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;

/** Open client connections to one listener, used for one run after the other. */
public final class Connections implements AutoCloseable {
  private final EventLoop loop;
  private final Protocol protocol;
  private final List<Wire> wires;

  Connections(EventLoop loop, Protocol protocol, List<Wire> wires) {
    this.loop = loop;
    this.protocol = protocol;
    this.wires = wires;
  }

  /** Keeps every slot busy for the time. */
  public Outcome closedLoop(Requests requests, Duration length) {
    return await(new ClosedRun(loop, wires, protocol.streams(), requests, length.toNanos()));
  }

  /** Offers the rate for the time, whatever the answers do. */
  public Outcome openLoop(Requests requests, double ratePerSecond, Duration length) {
    return await(
        new OpenRun(
            loop, wires, protocol.streams(), requests, ratePerSecond, length.toNanos(), false));
  }

  /** Offers the rate for the time; what was due and found no free slot is not sent later. */
  public Outcome offer(Requests requests, double ratePerSecond, Duration length) {
    return await(
        new OpenRun(
            loop, wires, protocol.streams(), requests, ratePerSecond, length.toNanos(), true));
  }

  private static Outcome await(Run run) {
    // The run ends by itself, at the latest two seconds late.
    return run.start().syncUninterruptibly().getNow();
  }

  @Override
  public void close() {
    loop.execute(() -> wires.forEach(Wire::close));
  }
}
