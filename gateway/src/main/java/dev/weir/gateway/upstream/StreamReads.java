package dev.weir.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Lets a stream take all frames that one read of its connection brought before that is called a
 * burst, although it asks for reads one by one. Frames come with buffers of their own, so nothing
 * is allocated here but the handle.
 */
final class StreamReads implements RecvByteBufAllocator {
  /** As much as the window of a stream. */
  private static final int BURST_BYTES = 64 * 1024;

  @Override
  public ExtendedHandle newHandle() {
    return new Burst();
  }

  private static final class Burst implements ExtendedHandle {
    private int total;
    private int last;
    private int attempted;

    @Override
    public ByteBuf allocate(ByteBufAllocator alloc) {
      throw new UnsupportedOperationException("frames bring their buffers");
    }

    @Override
    public int guess() {
      return 0;
    }

    @Override
    public void reset(ChannelConfig config) {
      total = 0;
    }

    @Override
    public void incMessagesRead(int count) {}

    @Override
    public void lastBytesRead(int bytes) {
      last = bytes;
      total += bytes;
    }

    @Override
    public int lastBytesRead() {
      return last;
    }

    @Override
    public void attemptedBytesRead(int bytes) {
      attempted = bytes;
    }

    @Override
    public int attemptedBytesRead() {
      return attempted;
    }

    @Override
    public boolean continueReading() {
      return total < BURST_BYTES;
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
      return continueReading();
    }

    @Override
    public void readComplete() {
      total = 0;
    }
  }
}
