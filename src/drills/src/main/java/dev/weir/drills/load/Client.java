package dev.weir.drills.load;

import dev.weir.drills.timeline.Outcome;
import io.netty.channel.ChannelFuture;
import java.time.Duration;

/**
 * Sends requests over kept-alive connections and opens as many as it needs, as browsers and
 * services do. Confined to its event loop. It sends nothing twice, except what its protocol says
 * was not begun.
 */
sealed interface Client permits Http1Client, Http2Client {
  /** After this long a client gives up; nothing that works takes so long here. */
  Duration PATIENCE = Duration.ofSeconds(10);

  Outcome CLOSED = Outcome.failed("connection closed");
  Outcome TIMED_OUT = Outcome.failed("no answer in 10 s");

  void send(Pending pending);

  /** Ends what had no answer within the patience. */
  void sweep(long nowNanos);

  /** Returns the requests that were sent again because the peer had said it did not begin them. */
  long resent();

  void close();

  static boolean isLate(Pending pending, long nowNanos) {
    return nowNanos - pending.dueNanos() > PATIENCE.toNanos();
  }

  static Outcome notConnected(ChannelFuture connecting) {
    var cause = connecting.cause();
    return Outcome.failed(
        "not connected" + (cause == null ? "" : ", " + cause.getClass().getSimpleName()));
  }
}
