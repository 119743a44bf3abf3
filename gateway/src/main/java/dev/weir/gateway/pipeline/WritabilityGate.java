package dev.weir.gateway.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxOperator;
import reactor.util.context.Context;

/**
 * Asks an upstream for the next buffer only while the client's channel takes more. Reactor Netty's
 * sender asks for 128 buffers ahead, however slowly they leave; with upstream reads of 32 KiB, a
 * thousand clients that read nothing would pin gigabytes.
 *
 * <p><b>What runs per buffer.</b> One comparison and one request for the next; per streamed
 * response, one handler is added to the channel's pipeline and removed again. All of it on the
 * event loop.
 */
final class WritabilityGate extends FluxOperator<ByteBuf, ByteBuf> {
  private final Channel channel;
  private final SlowReaders.Wait wait;

  /** Tells {@code wait} while the client is what the answer waits for. */
  WritabilityGate(Flux<ByteBuf> source, Channel channel, SlowReaders.Wait wait) {
    super(source);
    this.channel = channel;
    this.wait = wait;
  }

  @Override
  public void subscribe(CoreSubscriber<? super ByteBuf> actual) {
    source.subscribe(new Gate(actual, channel, wait));
  }

  private static final class Gate extends ChannelInboundHandlerAdapter
      implements CoreSubscriber<ByteBuf>, Subscription {
    private final CoreSubscriber<? super ByteBuf> actual;
    private final Channel channel;
    private final SlowReaders.Wait wait;
    private @Nullable Subscription upstream;
    private long demand;
    private boolean awaiting;
    private boolean asking;
    private boolean over;

    Gate(CoreSubscriber<? super ByteBuf> actual, Channel channel, SlowReaders.Wait wait) {
      this.actual = actual;
      this.channel = channel;
      this.wait = wait;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
      upstream = subscription;
      channel.pipeline().addFirst(this);
      actual.onSubscribe(this);
    }

    @Override
    public void request(long n) {
      demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
      ask();
    }

    /** A loop, not a recursion: a source may answer from within its request. */
    private void ask() {
      Subscription source = upstream;
      if (asking || source == null) {
        return;
      }
      asking = true;
      while (!over && !awaiting && demand > 0 && channel.isWritable()) {
        awaiting = true;
        demand--;
        wait.end();
        source.request(1);
      }
      asking = false;
      if (!awaiting && !over) {
        // The channel is full, or the last buffer is handed over.
        wait.begin();
      }
    }

    @Override
    public void onNext(ByteBuf buffer) {
      awaiting = false;
      actual.onNext(buffer);
      ask();
    }

    @Override
    public void onError(Throwable error) {
      if (end()) {
        actual.onError(error);
      }
    }

    @Override
    public void onComplete() {
      if (end()) {
        wait.begin();
        actual.onComplete();
      }
    }

    @Override
    public void cancel() {
      Subscription source = upstream;
      if (end() && source != null) {
        source.cancel();
      }
    }

    private boolean end() {
      if (over) {
        return false;
      }
      over = true;
      if (channel.pipeline().context(this) != null) {
        channel.pipeline().remove(this);
      }
      return true;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      ask();
      context.fireChannelWritabilityChanged();
    }

    @Override
    public Context currentContext() {
      return actual.currentContext();
    }
  }
}
