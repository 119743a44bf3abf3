package dev.weir.bench.load;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A bounded stretch of load over some wires; all of it happens on their one event loop. */
abstract sealed class Run implements Wire.Listener permits ClosedRun, OpenRun {
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  final EventLoop loop;
  final List<Wire> wires;
  final Requests requests;
  private final Tally tally = new Tally();
  private final Promise<Outcome> promise;
  private final long lengthNanos;
  private long startNanos;
  private long underWay;

  Run(EventLoop loop, List<Wire> wires, Requests requests, long lengthNanos) {
    this.loop = loop;
    this.wires = wires;
    this.requests = requests;
    this.lengthNanos = lengthNanos;
    this.promise = loop.newPromise();
  }

  /** Begins; the promise is kept at the latest two seconds after the run's length. */
  final Promise<Outcome> start() {
    loop.execute(
        () -> {
          startNanos = System.nanoTime();
          var guard = loop.schedule(this::finish, lengthNanos + GRACE_NANOS, TimeUnit.NANOSECONDS);
          promise.addListener(_ -> guard.cancel(false));
          wires.forEach(wire -> wire.follow(this));
          begin(startNanos);
        });
    return promise;
  }

  abstract void begin(long nowNanos);

  /** A slot of the wire is free again; whether to use it is the run's to say. */
  abstract void freed(Wire wire, long nowNanos);

  /** Requests that were due and never sent, judged at the end. */
  abstract long unsent(long nowNanos);

  final boolean isOver(long nowNanos) {
    return nowNanos - startNanos >= lengthNanos || promise.isDone();
  }

  final void send(Wire wire, long dueNanos) {
    underWay++;
    wire.send(requests.next(), dueNanos);
  }

  final boolean isIdle() {
    return underWay == 0;
  }

  @Override
  public final void answered(Wire wire, int status, long dueNanos) {
    long now = System.nanoTime();
    underWay--;
    tally.count(status, now - dueNanos);
    freed(wire, now);
  }

  @Override
  public final void broken(String reason) {
    end(Optional.of(reason));
  }

  final void finish() {
    end(Optional.empty());
  }

  private void end(Optional<String> reason) {
    if (promise.isDone()) {
      return;
    }
    long now = System.nanoTime();
    wires.forEach(wire -> wire.follow(Wire.NOBODY));
    promise.setSuccess(
        new Outcome(
            tally.statuses(),
            tally.latencies(),
            now - startNanos,
            unsent(now),
            underWay,
            reason.or(this::unanswered)));
  }

  private Optional<String> unanswered() {
    return underWay > 0 && this instanceof ClosedRun
        ? Optional.of(underWay + " requests had no answer two seconds after the end")
        : Optional.empty();
  }
}
