package dev.weir.drills.load;

import dev.weir.bench.load.OpenLoopSchedule;
import dev.weir.bench.load.Protocol;
import dev.weir.drills.timeline.Outcome;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Sends what is due of each lane until its time is up, and waits for the last of it. */
final class OpenLoop {
  private static final long SWEEP_MILLIS = 250;
  private static final int BURST_AT_MOST = 256;

  private final EventLoop loop;
  private final Map<Protocol, Client> clients;
  private final List<Lane> lanes;
  private final Offering offering;
  private final Promise<Void> over;
  private int begun;
  private long underWay;

  OpenLoop(EventLoop loop, Map<Protocol, Client> clients, List<Lane> lanes, Offering offering) {
    this.loop = loop;
    this.clients = clients;
    this.lanes = lanes;
    this.offering = offering;
    this.over = loop.newPromise();
  }

  Future<Void> start() {
    loop.execute(this::begin);
    return over;
  }

  private void begin() {
    ScheduledFuture<?> sweeping =
        loop.scheduleAtFixedRate(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    var _ = over.addListener(_ -> sweeping.cancel(false));
    long now = System.nanoTime();
    double seconds = offering.length().toNanos() / 1e9;
    for (int lane = 0; lane < lanes.size(); lane++) {
      long count = (long) (lanes.get(lane).perSecond() * seconds);
      if (count > 0) {
        begun++;
        var schedule = new OpenLoopSchedule(now, lanes.get(lane).perSecond(), count);
        new Course(lane, schedule).run();
      }
    }
    endIfOver();
  }

  private void sweep() {
    clients.values().forEach(client -> client.sweep(System.nanoTime()));
  }

  private void endIfOver() {
    if (begun == 0 && underWay == 0) {
      over.trySuccess(null);
    }
  }

  /** One lane on its way. */
  private final class Course implements Runnable {
    private final int lane;
    private final OpenLoopSchedule schedule;
    private final Client client;
    private long next;

    Course(int lane, OpenLoopSchedule schedule) {
      this.lane = lane;
      this.schedule = schedule;
      var protocol = lanes.get(lane).protocol();
      var own = clients.get(protocol);
      if (own == null) {
        throw new IllegalStateException("no client for " + protocol);
      }
      this.client = own;
    }

    @Override
    public void run() {
      // Answers must be read between requests, however far behind this loop is.
      for (int i = 0; i < BURST_AT_MOST && schedule.isDue(next, System.nanoTime()); i++) {
        send(schedule.due(next++));
      }
      if (next == schedule.count() || offering.enough().getAsBoolean()) {
        begun--;
        endIfOver();
        return;
      }
      long wait = Math.max(0, schedule.due(next) - System.nanoTime());
      var _ = loop.schedule(this, wait, TimeUnit.NANOSECONDS);
    }

    private void send(long dueNanos) {
      var call = lanes.get(lane).call();
      call.next().get().ifPresent(asked -> send(new Pending(call, dueNanos, asked, this::ended)));
    }

    private void send(Pending pending) {
      underWay++;
      client.send(pending);
    }

    private void ended(Pending pending, Outcome outcome) {
      underWay--;
      var due = Duration.ofNanos(pending.dueNanos() - offering.beginNanos());
      offering.timeline().add(lane, due, outcome, System.nanoTime() - pending.dueNanos());
      endIfOver();
    }
  }
}
