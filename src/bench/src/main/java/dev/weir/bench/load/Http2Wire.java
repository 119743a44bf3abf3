package dev.weir.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * An HTTP/2 client connection for GET requests (RFC 9113), without objects for frames and streams.
 *
 * <p>Requests are pre-encoded blocks that use no dynamic table, so one copy with another stream id
 * is all that a request costs. Responses do use it: their blocks pass through Netty's decoder.
 * Streams live in a handful of slots that are searched linearly. Bodies are counted and skipped;
 * the connection's window is opened wide once and topped up each mebibyte, a stream's 64 KiB
 * suffices.
 */
final class Http2Wire extends WireHandler {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final int FRAME_HEAD = 9;
  private static final int FRAME_BOUND = 16_384;
  private static final int WINDOW_TOP_UP = 1 << 20;
  private static final int WINDOW_OPENING = 1 << 30;
  private static final int SETTING_PUSH = 2;
  private static final int SETTING_STREAMS = 3;
  private static final int FREE = 0;

  private final DefaultHttp2HeadersDecoder headers = new DefaultHttp2HeadersDecoder(false);
  private final int[] streams;
  private final int[] statuses;
  private final long[] dues;
  private int nextStream = 1;
  private int consumed;

  Http2Wire(int slots) {
    streams = new int[slots];
    statuses = new int[slots];
    dues = new long[slots];
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    var hello = ctx.alloc().buffer(64).writeBytes(PREFACE);
    frame(hello, 6, Http2FrameTypes.SETTINGS, 0, 0).writeShort(SETTING_PUSH).writeInt(0);
    frame(hello, 4, Http2FrameTypes.WINDOW_UPDATE, 0, 0).writeInt(WINDOW_OPENING);
    var _ = ctx.writeAndFlush(hello, ctx.voidPromise());
    super.channelActive(ctx);
  }

  @Override
  public void send(ByteBuf request, long dueNanos) {
    int slot = slotOf(FREE);
    int stream = nextStream;
    nextStream += 2;
    streams[slot] = stream;
    dues[slot] = dueNanos;
    var frame = context().alloc().buffer(request.readableBytes());
    frame.writeBytes(request, request.readerIndex(), request.readableBytes()).setInt(5, stream);
    var _ = context().write(frame, context().voidPromise());
  }

  @Override
  void read(ByteBuf in) {
    while (in.readableBytes() >= FRAME_HEAD) {
      int head = in.readerIndex();
      int length = in.getUnsignedMedium(head);
      if (length > FRAME_BOUND) {
        throw new ProtocolException("a frame of " + length + " bytes");
      }
      if (in.readableBytes() < FRAME_HEAD + length) {
        return;
      }
      in.skipBytes(FRAME_HEAD);
      int end = in.readerIndex() + length;
      var flags = new Http2Flags(in.getUnsignedByte(head + 4));
      take(in.getByte(head + 3), flags, in.getInt(head + 5) & 0x7fffffff, in, end);
      in.readerIndex(end);
    }
  }

  private void take(byte type, Http2Flags flags, int stream, ByteBuf in, int end) {
    switch (type) {
      case Http2FrameTypes.DATA -> takeData(flags, stream, end - in.readerIndex());
      case Http2FrameTypes.HEADERS -> takeHeaders(flags, stream, in, end);
      case Http2FrameTypes.SETTINGS -> takeSettings(flags, in, end);
      case Http2FrameTypes.PING -> takePing(flags, in);
      case Http2FrameTypes.RST_STREAM -> takeReset(stream, in.readInt());
      case Http2FrameTypes.GO_AWAY ->
          throw new ProtocolException("GOAWAY with error " + in.getInt(in.readerIndex() + 4));
      case Http2FrameTypes.CONTINUATION, Http2FrameTypes.PUSH_PROMISE ->
          throw new ProtocolException("a frame of type " + type + ", which no answer here needs");
      default -> {
        // WINDOW_UPDATE, PRIORITY and what is unknown do not concern a client without bodies.
      }
    }
  }

  private void takeData(Http2Flags flags, int stream, int length) {
    consumed += length;
    if (consumed >= WINDOW_TOP_UP) {
      var update = context().alloc().buffer(FRAME_HEAD + 4);
      frame(update, 4, Http2FrameTypes.WINDOW_UPDATE, 0, 0).writeInt(consumed);
      var _ = context().write(update, context().voidPromise());
      consumed = 0;
    }
    if (flags.endOfStream()) {
      end(stream);
    }
  }

  private void takeHeaders(Http2Flags flags, int stream, ByteBuf in, int end) {
    if (!flags.endOfHeaders()) {
      throw new ProtocolException("a header block in several frames");
    }
    int padding = flags.paddingPresent() ? in.readUnsignedByte() : 0;
    if (flags.priorityPresent()) {
      in.skipBytes(5);
    }
    try {
      var decoded =
          headers.decodeHeaders(
              stream, in.slice(in.readerIndex(), end - padding - in.readerIndex()));
      var status = decoded.status();
      if (status != null && status.length() == 3) {
        statuses[slotOf(stream)] = Integer.parseInt(status, 0, 3, 10);
      }
    } catch (Http2Exception e) {
      throw new ProtocolException("a header block that does not decode: " + e.getMessage());
    }
    if (flags.endOfStream()) {
      end(stream);
    }
  }

  private void takeSettings(Http2Flags flags, ByteBuf in, int end) {
    if (flags.ack()) {
      return;
    }
    while (in.readerIndex() < end) {
      int setting = in.readUnsignedShort();
      long value = in.readUnsignedInt();
      if (setting == SETTING_STREAMS && value < streams.length) {
        throw new ProtocolException("only " + value + " streams at once");
      }
    }
    var ack = context().alloc().buffer(FRAME_HEAD);
    var _ = context().write(frame(ack, 0, Http2FrameTypes.SETTINGS, 1, 0), context().voidPromise());
  }

  private void takePing(Http2Flags flags, ByteBuf in) {
    if (flags.ack()) {
      return;
    }
    var ack = context().alloc().buffer(FRAME_HEAD + 8);
    frame(ack, 8, Http2FrameTypes.PING, 1, 0).writeLong(in.readLong());
    var _ = context().write(ack, context().voidPromise());
  }

  private void takeReset(int stream, int error) {
    for (int open : streams) {
      if (open == stream) {
        throw new ProtocolException("a stream was reset with error " + error);
      }
    }
  }

  private void end(int stream) {
    int slot = slotOf(stream);
    streams[slot] = FREE;
    answered(statuses[slot], dues[slot]);
  }

  private int slotOf(int stream) {
    for (int slot = 0; slot < streams.length; slot++) {
      if (streams[slot] == stream) {
        return slot;
      }
    }
    throw new ProtocolException("stream " + stream + " is not known");
  }

  private static ByteBuf frame(ByteBuf out, int length, byte type, int flags, int stream) {
    return out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(stream);
  }
}
