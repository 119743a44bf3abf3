package dev.weir.bench.load;

import io.netty.buffer.ByteBuf;

/** A kept-alive HTTP/1.1 connection: one request at a time, no pipelining. */
final class Http1Wire extends WireHandler {
  private final Http1ResponseParser parser = new Http1ResponseParser();
  private long due;

  @Override
  public void send(ByteBuf request, long dueNanos) {
    due = dueNanos;
    var _ = context().write(request.retainedDuplicate(), context().voidPromise());
  }

  @Override
  void read(ByteBuf in) {
    while (parser.parse(in)) {
      answered(parser.status(), due);
    }
  }
}
