package dev.weir.drills.load;

import dev.weir.drills.timeline.Outcome;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** One request and its answer on a stream of its own. */
final class Http2Exchange extends ChannelInboundHandlerAdapter {
  private static final int SUCCESS = 200;

  private final Http2Connection connection;
  private final Pending pending;
  private final String authority;
  private final Answer answer = new Answer();
  private @Nullable Http2StreamChannel stream;
  private boolean over;

  Http2Exchange(Http2Connection connection, Pending pending, String authority) {
    this.connection = connection;
    this.pending = pending;
    this.authority = authority;
    answer.want(pending.asked().isHeard());
  }

  Pending pending() {
    return pending;
  }

  void write(Http2StreamChannel opened) {
    stream = opened;
    var call = pending.call();
    var asked = pending.asked();
    var headers =
        new DefaultHttp2Headers()
            .method(call.method())
            .scheme("https")
            .authority(authority)
            .path(call.path());
    if (!asked.token().isEmpty()) {
      headers.set("authorization", "Bearer " + asked.token());
    }
    if (asked.body().isEmpty()) {
      var _ = opened.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true));
      return;
    }
    headers.set("content-type", "application/json");
    var _ = opened.write(new DefaultHttp2HeadersFrame(headers));
    var body = ByteBufUtil.writeUtf8(opened.alloc(), asked.body());
    var _ = opened.writeAndFlush(new DefaultHttp2DataFrame(body, true));
  }

  /** The connection went away before the stream was opened. */
  void notBegun() {
    end(true, Client.CLOSED);
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    try {
      switch (message) {
        case Http2HeadersFrame head -> takeHead(head);
        case Http2DataFrame data -> {
          answer.part(data.content());
          endIf(data.isEndStream());
        }
        case Http2ResetFrame reset -> takeReset(reset.errorCode());
        default -> {
          // Nothing else on a stream concerns who sends small requests.
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void takeHead(Http2HeadersFrame head) {
    var status = head.headers().status();
    int code = status == null ? 0 : Integer.parseInt(status.toString());
    if (code >= SUCCESS) {
      answer.head(code);
    }
    endIf(head.isEndStream());
  }

  private void endIf(boolean last) {
    if (last) {
      end(false, answer.outcome());
    }
  }

  private void takeReset(long error) {
    end(
        error == Http2Error.REFUSED_STREAM.code(),
        Outcome.failed("stream reset, " + Http2Error.valueOf(error)));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext telling, Object event) {
    if (event instanceof Http2ResetFrame reset) {
      takeReset(reset.errorCode());
    }
    ReferenceCountUtil.release(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext closed) {
    var own = stream;
    end(own == null || connection.isDisowned(own.stream().id()), Client.CLOSED);
  }

  void sweep(long nowNanos) {
    if (Client.isLate(pending, nowNanos)) {
      end(false, Client.TIMED_OUT);
    }
  }

  private void end(boolean again, Outcome outcome) {
    if (over) {
      return;
    }
    over = true;
    var own = stream;
    connection.ended(this, again);
    if (!again) {
      pending.ended(outcome, answer.body());
    }
    if (own != null && own.isActive()) {
      var _ = own.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext failing, Throwable cause) {
    var _ = failing.close();
  }
}
