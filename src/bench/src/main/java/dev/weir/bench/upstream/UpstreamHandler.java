package dev.weir.bench.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weir.bench.upstream.Upstream.Answers;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Answers each request head with a buffer made beforehand; requests have no bodies.
 *
 * <p>It shares a core with the load generator, so it must cost next to nothing: one scan for the
 * end of the head, one look at the path, one write.
 */
final class UpstreamHandler extends ByteToMessageDecoder {
  private static final byte[] KEYS = "GET /.well-known/".getBytes(US_ASCII);
  private static final byte[] SLOW = "GET /slow".getBytes(US_ASCII);
  private static final long SLOW_MILLIS = 100;
  private static final int HEAD_BOUND = 65_536;

  private final Answers answers;
  private final Consumer<ByteBuf> witness;

  UpstreamHandler(Answers answers, Consumer<ByteBuf> witness) {
    this.answers = answers;
    this.witness = witness;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    for (int end = headEnd(in); end > 0; end = headEnd(in)) {
      answer(ctx, in);
      in.readerIndex(end);
    }
    if (in.readableBytes() > HEAD_BOUND) {
      var _ = ctx.close();
    }
  }

  private void answer(ChannelHandlerContext ctx, ByteBuf head) {
    if (startsWith(head, SLOW)) {
      Runnable later =
          () -> {
            var _ = ctx.writeAndFlush(answers.item().retainedDuplicate(), ctx.voidPromise());
          };
      var _ = ctx.executor().schedule(later, SLOW_MILLIS, TimeUnit.MILLISECONDS);
      return;
    }
    if (startsWith(head, KEYS)) {
      var _ = ctx.write(answers.jwks().retainedDuplicate(), ctx.voidPromise());
      return;
    }
    witness.accept(head);
    var _ = ctx.write(answers.item().retainedDuplicate(), ctx.voidPromise());
  }

  /** Where the first head ends, or -1. */
  private static int headEnd(ByteBuf in) {
    int from = in.readerIndex();
    int limit = in.writerIndex();
    while (true) {
      int line = in.indexOf(from, limit, (byte) '\n');
      if (line < 0) {
        return -1;
      }
      if (line - in.readerIndex() >= 3 && in.getByte(line - 2) == '\n') {
        return line + 1;
      }
      from = line + 1;
    }
  }

  private static boolean startsWith(ByteBuf in, byte[] prefix) {
    if (in.readableBytes() < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (in.getByte(in.readerIndex() + i) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    ctx.flush();
    super.channelReadComplete(ctx);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A contender that is stopped resets its connections.
    var _ = ctx.close();
  }
}
