package dev.weir.bench.load;

import io.netty.channel.EventLoop;
import java.util.List;

/** A closed loop: each slot sends its next request when its last was answered, until time is up. */
final class ClosedRun extends Run {
  private final int slots;

  ClosedRun(EventLoop loop, List<Wire> wires, int slots, Requests requests, long lengthNanos) {
    super(loop, wires, requests, lengthNanos);
    this.slots = slots;
  }

  @Override
  void begin(long nowNanos) {
    for (var wire : wires) {
      for (int slot = 0; slot < slots; slot++) {
        send(wire, nowNanos);
      }
      wire.flush();
    }
  }

  @Override
  void freed(Wire wire, long nowNanos) {
    if (!isOver(nowNanos)) {
      send(wire, nowNanos);
    } else if (isIdle()) {
      finish();
    }
  }

  @Override
  long unsent(long nowNanos) {
    return 0;
  }
}
