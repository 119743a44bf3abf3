package dev.weir.gateway.control;

import dev.weir.gateway.ingress.Ingress;
import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;

/**
 * What has arrived of a request's head that did not come whole. Its lines are bounded as its fields
 * are, since a field of four bytes takes some 130 in memory; its bytes by what all such heads
 * share.
 */
final class UnfinishedHead {
  /** What became of a part. */
  enum Outcome {
    FITS,
    TOO_MANY_FIELDS,
    NO_ROOM
  }

  /** The request line stands before the fields. */
  private static final int MAX_LINES = Ingress.MAX_FIELDS + 1;

  private final UnfinishedHeads all;
  private int bytes;
  private int lines;

  UnfinishedHead(UnfinishedHeads all) {
    this.all = all;
  }

  /** Adds what one read brought. */
  Outcome add(ByteBuf part, int from, int length) {
    int end = from + length;
    int at = from - 1;
    while ((at = part.forEachByte(at + 1, end - at - 1, ByteProcessor.FIND_LF)) >= 0) {
      lines++;
    }
    if (lines > MAX_LINES) {
      return Outcome.TOO_MANY_FIELDS;
    }
    if (!all.take(length)) {
      return Outcome.NO_ROOM;
    }
    bytes += length;
    return Outcome.FITS;
  }

  /** It is whole, or its connection is gone. */
  void finish() {
    if (bytes > 0) {
      all.give(bytes);
      bytes = 0;
    }
    lines = 0;
  }
}
