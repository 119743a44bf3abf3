package dev.weir.drills.stand;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One direction of a relayed connection: what arrives here leaves there, later, in its order. */
final class RelayHalf extends ChannelInboundHandlerAdapter {
  private final Channel other;
  private final LongSupplier delayNanos;
  private long lastLeaves;

  RelayHalf(Channel other, LongSupplier delayNanos) {
    this.other = other;
    this.delayNanos = delayNanos;
    this.lastLeaves = System.nanoTime();
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    leave(
        reading,
        () -> {
          var _ =
              other
                  .writeAndFlush(message)
                  .addListener(
                      written -> {
                        if (written.isSuccess()) {
                          reading.read();
                        } else {
                          var _ = reading.close();
                        }
                      });
        });
  }

  @Override
  public void channelInactive(ChannelHandlerContext closed) {
    leave(
        closed,
        () -> {
          var _ = other.close();
        });
  }

  private void leave(ChannelHandlerContext from, Runnable step) {
    long now = System.nanoTime();
    long delay = delayNanos.getAsLong();
    if (delay == 0 && lastLeaves - now <= 0) {
      step.run();
      return;
    }
    // Nothing overtakes what came before it, though the delay was shortened meanwhile.
    lastLeaves = Math.max(lastLeaves, now + delay);
    var _ = from.executor().schedule(step, lastLeaves - now, TimeUnit.NANOSECONDS);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
    var _ = failing.close();
  }
}
