package dev.weir.gateway.upstream;

import dev.weir.gateway.exchange.AttemptFailure;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Makes one stream of HTTP/2 look like a connection of HTTP/1.1 that serves one request: objects of
 * a message out of frames and back.
 *
 * <p>Per request: one frame and its fields each way, and a frame per buffer of a body; buffers are
 * passed on as they came. Interim answers end here. Netty's own codec for this would pass on those
 * other than 100 as heads, and allocates a list per frame.
 *
 * <p>A reset is kept until the stream ends: what arrived before it may still wait to be read, the
 * whole answer among it (RFC 9113 §8.1).
 */
final class StreamCodec extends ChannelDuplexHandler implements AnswerReader {
  /** More answers before the answer have no use. */
  static final int MOST_INTERIM = 16;

  private final SharedConnection shared;
  private int interim;
  private int readsBefore;
  private boolean head;
  private boolean asksForBody;
  private boolean owesBody;
  private boolean anyByte;
  private boolean refused;
  private boolean sentAll;
  private boolean gotAll;
  private String reset = "";

  StreamCodec(SharedConnection shared) {
    this.shared = shared;
  }

  @Override
  public void expect(HttpMethod method) {
    asksForBody = !HttpMethod.HEAD.equals(method);
    readsBefore = shared.heartbeat().reads();
  }

  @Override
  public boolean anyByte() {
    return anyByte;
  }

  @Override
  public boolean isRefused() {
    return refused;
  }

  @Override
  public boolean mayServeAgain() {
    return false;
  }

  @Override
  public boolean mayTrail() {
    return true;
  }

  /** Where nothing at all came meanwhile, the peer itself may be gone. */
  @Override
  public void noteTimeout() {
    if (shared.heartbeat().reads() == readsBefore) {
      shared.heartbeat().suspect();
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    switch (message) {
      case HttpRequest request -> writeHead(ctx, request, promise);
      case HttpContent content -> {
        boolean last = content instanceof LastHttpContent;
        sentAll |= last;
        var _ = ctx.write(new DefaultHttp2DataFrame(content.content(), last), promise);
      }
      default -> throw new IllegalArgumentException("not of a request: " + message);
    }
  }

  private void writeHead(ChannelHandlerContext ctx, HttpRequest request, ChannelPromise promise) {
    Http2Headers fields = StreamHeads.of(request, shared.scheme());
    boolean whole = request instanceof FullHttpRequest;
    sentAll = whole;
    var _ = ctx.write(new DefaultHttp2HeadersFrame(fields, whole), promise);
    if (promise.isDone()
        && promise.cause() instanceof Http2Exception failed
        && !isTooLong(failed)) {
      // The peer changed its mind about more streams; none of this was sent.
      refused = true;
      reset = "no stream could be opened";
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (ctx.channel().isActive() && !(sentAll && gotAll)) {
      shared.noteReset();
    }
    var _ = ctx.close(promise);
  }

  /** The peer takes no head of that size; nor would it on another connection. */
  private static boolean isTooLong(Http2Exception failed) {
    return failed instanceof Http2Exception.HeaderListSizeException;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    shared.heartbeat().noteFrame();
    switch (message) {
      case Http2HeadersFrame frame -> {
        gotAll = frame.isEndStream();
        readHead(ctx, frame.headers(), gotAll);
      }
      case Http2DataFrame frame -> {
        gotAll = frame.isEndStream();
        readData(ctx, frame);
      }
      default -> ReferenceCountUtil.release(message);
    }
  }

  private void readHead(ChannelHandlerContext ctx, Http2Headers frame, boolean last) {
    anyByte = true;
    try {
      if (head) {
        readTrailers(ctx, frame, last);
        return;
      }
      int status = StreamHeads.status(frame);
      if (status >= 100 && status < 200 && status != 101 && !last && interim < MOST_INTERIM) {
        interim++;
        return;
      }
      if (status < 200 || status > 599) {
        violated(ctx, "not an answer that HTTP/2 allows here");
        return;
      }
      head = true;
      HttpHeaders fields = StreamHeads.fields(frame);
      // Netty leaves a length unchecked of which nothing comes, as it may be a HEAD's. The client
      // would take the next answer for this one's body.
      owesBody = asksForBody && status != 204 && status != 304 && announcesBody(fields);
      requireBody(last);
      passHead(ctx, HttpResponseStatus.valueOf(status), fields, last);
    } catch (IllegalArgumentException e) {
      violated(ctx, String.valueOf(e.getMessage()));
    }
  }

  private static boolean announcesBody(HttpHeaders fields) {
    String length = fields.get(HttpHeaderNames.CONTENT_LENGTH);
    return length != null && !length.equals("0");
  }

  private void requireBody(boolean last) {
    if (last && owesBody) {
      throw new IllegalArgumentException("none of the body that content-length announces");
    }
  }

  private static void passHead(
      ChannelHandlerContext ctx, HttpResponseStatus status, HttpHeaders fields, boolean last) {
    if (!last) {
      ctx.fireChannelRead(new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, fields));
      return;
    }
    ctx.fireChannelRead(
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            status,
            Unpooled.EMPTY_BUFFER,
            fields,
            EmptyHttpHeaders.INSTANCE));
    ctx.fireChannelReadComplete();
  }

  private void readTrailers(ChannelHandlerContext ctx, Http2Headers frame, boolean last) {
    if (!last) {
      throw new IllegalArgumentException("a second head");
    }
    requireBody(true);
    ctx.fireChannelRead(
        new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, StreamHeads.trailers(frame)));
    ctx.fireChannelReadComplete();
  }

  /** The end of a stream is the end of a burst: no other comes, as the stream is gone by then. */
  private void readData(ChannelHandlerContext ctx, Http2DataFrame frame) {
    if (!head) {
      frame.release();
      violated(ctx, "a body without a head");
      return;
    }
    owesBody &= !frame.content().isReadable();
    if (frame.isEndStream() && owesBody) {
      frame.release();
      violated(ctx, "none of the body that content-length announces");
      return;
    }
    if (frame.isEndStream()) {
      ctx.fireChannelRead(new DefaultLastHttpContent(frame.content(), EmptyHttpHeaders.INSTANCE));
      ctx.fireChannelReadComplete();
      return;
    }
    ctx.fireChannelRead(new DefaultHttpContent(frame.content()));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof Http2ResetFrame frame) {
      anyByte = true;
      refused |= frame.errorCode() == Http2Error.REFUSED_STREAM.code() && !head;
      reset = "the upstream reset the stream: " + name(frame.errorCode());
    } else if (event instanceof Http2GoAwayFrame) {
      refused = !head;
      reset = "the upstream goes away";
    }
    ReferenceCountUtil.release(event);
  }

  private static String name(long code) {
    Http2Error error = Http2Error.valueOf(code);
    return error == null ? String.valueOf(code) : error.name();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    AttemptFailure.Kind kind =
        reset.isEmpty() && shared.farewell().isUnreadable()
            ? AttemptFailure.Kind.PROTOCOL
            : AttemptFailure.Kind.RESET;
    fail(ctx, kind, !refused, reset.isEmpty() ? shared.farewell().reason() : reset);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof Http2Exception) {
      violated(ctx, String.valueOf(cause.getMessage()));
      return;
    }
    fail(ctx, AttemptFailure.Kind.RESET, true, String.valueOf(cause.getMessage()));
  }

  /** Who breaks a rule on one stream gets no other on this connection. */
  private void violated(ChannelHandlerContext ctx, String reason) {
    shared.leave();
    fail(ctx, AttemptFailure.Kind.PROTOCOL, true, reason);
  }

  private void fail(
      ChannelHandlerContext ctx, AttemptFailure.Kind kind, boolean sent, String reason) {
    ctx.fireExceptionCaught(
        new AttemptFailure(kind, sent, shared.pool().authority() + ": " + reason));
  }
}
