package dev.weir.drills.load;

import dev.weir.drills.timeline.Outcome;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Everybody sends their next request when their last was answered, until time is up or they have no
 * more to send. The first answer that is not good ends it. Confined to its event loop.
 */
final class ClosedLoop {
  private final EventLoop loop;
  private final Consumer<Pending> client;
  private final List<Call> everybody;
  private final Duration length;
  private final Promise<Tally> over;
  private long beginNanos;
  private long good;
  private int underWay;

  ClosedLoop(EventLoop loop, Consumer<Pending> client, List<Call> everybody, Duration length) {
    this.loop = loop;
    this.client = client;
    this.everybody = List.copyOf(everybody);
    this.length = length;
    this.over = loop.newPromise();
  }

  Future<Tally> start() {
    loop.execute(this::begin);
    return over;
  }

  private void begin() {
    beginNanos = System.nanoTime();
    everybody.forEach(this::send);
    endIfOver();
  }

  private void send(Call call) {
    call.next()
        .get()
        .ifPresent(
            asked -> {
              underWay++;
              client.accept(new Pending(call, System.nanoTime(), asked, this::ended));
            });
  }

  private void ended(Pending pending, Outcome outcome) {
    if (outcome.kind() != Outcome.Kind.GOOD) {
      over.tryFailure(new IOException("somebody could not go on: " + outcome.label()));
      return;
    }
    good++;
    // Later, as what the next one carries may stand in this answer, which is heard after this.
    loop.execute(() -> goOn(pending.call()));
  }

  private void goOn(Call call) {
    underWay--;
    if (!over.isDone() && System.nanoTime() - beginNanos < length.toNanos()) {
      send(call);
    }
    endIfOver();
  }

  private void endIfOver() {
    if (underWay == 0) {
      over.trySuccess(new Tally(good, System.nanoTime() - beginNanos));
    }
  }
}
