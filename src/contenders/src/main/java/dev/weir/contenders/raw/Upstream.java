package dev.weir.contenders.raw;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the upstream, the last handler of its pipeline; serves one request at a time.
 */
final class Upstream extends ChannelInboundHandlerAdapter {
  private final UpstreamPool pool;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Downstream downstream;
  private boolean keepAlive;
  private boolean interim;

  Upstream(UpstreamPool pool) {
    this.pool = pool;
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext added = context;
    if (added == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return added;
  }

  void serve(Downstream next) {
    downstream = next;
  }

  void write(Object message) {
    var _ = context().write(message);
  }

  void flush() {
    context().flush();
  }

  void readOn(boolean wanted) {
    context().channel().config().setAutoRead(wanted);
  }

  /** Closes it under the request that it carries, whose client has gone. */
  void abandon() {
    downstream = null;
    var _ = context().close();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    Downstream present = downstream;
    if (present == null || isInterim(message)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (message instanceof HttpResponse response) {
      if (response.decoderResult().isFailure()) {
        ReferenceCountUtil.release(message);
        var _ = ctx.close();
        return;
      }
      keepAlive = HttpUtil.isKeepAlive(response);
      present.begin(response);
      return;
    }
    present.pass(message);
    if (message instanceof LastHttpContent) {
      end(present);
    }
  }

  /** A 1xx and the empty end that the codec gives it: the client gets its 100 from the edge. */
  private boolean isInterim(Object message) {
    if (message instanceof HttpResponse response) {
      interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      return interim;
    }
    boolean belongs = interim;
    if (message instanceof LastHttpContent) {
      interim = false;
    }
    return belongs;
  }

  private void end(Downstream present) {
    boolean reusable = keepAlive && present.isRequestSent() && context().channel().isActive();
    downstream = null;
    if (reusable) {
      readOn(true);
      pool.giveBack(this);
    } else {
      var _ = context().close();
    }
    present.end();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Downstream present = downstream;
    if (present != null) {
      present.flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Downstream present = downstream;
    if (present != null) {
      present.readOn(ctx.channel().isWritable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    pool.forget(this);
    Downstream present = downstream;
    downstream = null;
    if (present != null) {
      present.upstreamFailed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
