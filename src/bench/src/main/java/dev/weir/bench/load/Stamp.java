package dev.weir.bench.load;

import io.netty.buffer.ByteBuf;

/** A moment of this process's clock, written into a request in decimal digits of fixed width. */
public final class Stamp {
  static final String EMPTY = "0".repeat(19);

  private Stamp() {}

  static void write(ByteBuf out, int index, long nanos) {
    long left = nanos;
    for (int i = EMPTY.length() - 1; i >= 0; i--) {
      out.setByte(index + i, (byte) ('0' + left % 10));
      left /= 10;
    }
  }

  /** Reads the moment whose first digit is at the index. */
  public static long read(ByteBuf in, int index) {
    long nanos = 0;
    for (int i = 0; i < EMPTY.length(); i++) {
      nanos = nanos * 10 + in.getByte(index + i) - '0';
    }
    return nanos;
  }
}
