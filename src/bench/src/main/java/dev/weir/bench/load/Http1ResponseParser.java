package dev.weir.bench.load;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Reads HTTP/1.1 responses to GET requests, as much as a load generator must: status and framing
 * (RFC 9112 §6).
 *
 * <p>Runs once per response byte that is not body: lines are found with one scan each, field values
 * are read in place, nothing is allocated. A body is skipped, never copied.
 */
final class Http1ResponseParser {
  private static final byte[] CONTENT_LENGTH = ascii("content-length:");
  private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding:");
  private static final int LINE_BOUND = 16_384;
  private static final int UNKNOWN = -1;

  private enum State {
    STATUS,
    FIELDS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    TRAILERS
  }

  private State state = State.STATUS;
  private int status;
  private boolean chunked;
  private long left;

  /** Consumes what belongs to the response; true once it is whole. */
  boolean parse(ByteBuf in) {
    while (true) {
      boolean advanced =
          switch (state) {
            case BODY, CHUNK -> skip(in);
            case STATUS, FIELDS, CHUNK_SIZE, TRAILERS -> line(in);
          };
      if (!advanced) {
        return false;
      }
      if (state == State.STATUS && status >= 200) {
        return true;
      }
    }
  }

  /** Returns the status of the response that was whole last. */
  int status() {
    return status;
  }

  private boolean skip(ByteBuf in) {
    int count = (int) Math.min(left, in.readableBytes());
    in.skipBytes(count);
    left -= count;
    if (left > 0) {
      return false;
    }
    state = state == State.BODY ? State.STATUS : State.CHUNK_SIZE;
    return true;
  }

  private boolean line(ByteBuf in) {
    int start = in.readerIndex();
    int end = in.indexOf(start, in.writerIndex(), (byte) '\n');
    if (end < 0) {
      if (in.readableBytes() > LINE_BOUND) {
        throw new ProtocolException("a response line of more than 16 KiB");
      }
      return false;
    }
    in.readerIndex(end + 1);
    int length = end > start && in.getByte(end - 1) == '\r' ? end - 1 - start : end - start;
    take(in, start, length);
    return true;
  }

  private void take(ByteBuf in, int start, int length) {
    switch (state) {
      case STATUS -> takeStatus(in, start, length);
      case FIELDS -> takeField(in, start, length);
      case CHUNK_SIZE -> takeChunkSize(in, start, length);
      case TRAILERS -> state = length == 0 ? State.STATUS : State.TRAILERS;
      case BODY, CHUNK -> throw new IllegalStateException("a body has no lines");
    }
  }

  private void takeStatus(ByteBuf in, int start, int length) {
    if (length < 12 || in.getByte(start) != 'H' || in.getByte(start + 8) != ' ') {
      throw new ProtocolException("no status line");
    }
    status = (int) number(in, start + 9, start + 12, 10);
    chunked = false;
    left = UNKNOWN;
    state = State.FIELDS;
  }

  private void takeField(ByteBuf in, int start, int length) {
    if (length == 0) {
      endHead();
      return;
    }
    if (startsWith(in, start, length, CONTENT_LENGTH)) {
      left = number(in, start + CONTENT_LENGTH.length, start + length, 10);
    } else if (startsWith(in, start, length, TRANSFER_ENCODING)) {
      chunked = true;
    }
  }

  private void endHead() {
    if (status < 200 || status == 204 || status == 304) {
      state = State.STATUS;
      return;
    }
    if (!chunked && left == UNKNOWN) {
      throw new ProtocolException("a response without framing keeps no connection alive");
    }
    state = chunked ? State.CHUNK_SIZE : State.BODY;
  }

  private void takeChunkSize(ByteBuf in, int start, int length) {
    // The line break behind a chunk's data reads as an empty line.
    if (length == 0) {
      return;
    }
    left = number(in, start, start + length, 16);
    state = left == 0 ? State.TRAILERS : State.CHUNK;
  }

  private static long number(ByteBuf in, int from, int to, int radix) {
    long value = 0;
    boolean any = false;
    for (int i = from; i < to; i++) {
      byte b = in.getByte(i);
      int digit = Character.digit(b, radix);
      if (digit < 0) {
        if (b == ' ' && !any) {
          continue;
        }
        break;
      }
      any = true;
      value = value * radix + digit;
    }
    if (!any) {
      throw new ProtocolException("a number is missing");
    }
    return value;
  }

  private static boolean startsWith(ByteBuf in, int start, int length, byte[] name) {
    if (length < name.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      byte b = in.getByte(start + i);
      if (name[i] != (b >= 'A' && b <= 'Z' ? b + 32 : b)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
