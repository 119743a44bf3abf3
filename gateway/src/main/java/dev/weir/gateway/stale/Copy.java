package dev.weir.gateway.stale;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A copy of one body, made as it passes; the buffers stay their reader's. Given up where the body
 * is too long, or where too many others are under way: those that trickle in would otherwise hold
 * more memory than all that is kept. Confined to the request's event loop.
 */
final class Copy {
  private static final byte[] NOTHING = {};

  private final Semaphore memory;
  private final int expected;
  private final int most;
  private byte[] bytes = NOTHING;
  private int size;
  private boolean over;

  /**
   * Begins a copy.
   *
   * @param memory the bytes that copies under way may still take
   * @param expected the length that is declared, or a guess
   */
  Copy(Semaphore memory, int expected, int most) {
    this.memory = memory;
    this.expected = expected;
    this.most = most;
  }

  void take(ByteBuf part) {
    int length = part.readableBytes();
    if (over) {
      return;
    }
    if (length > most - size || !makeRoom(size + length)) {
      end();
      return;
    }
    part.getBytes(part.readerIndex(), bytes, size, length);
    size += length;
  }

  private boolean makeRoom(int needed) {
    if (needed <= bytes.length) {
      return true;
    }
    int room = Math.min(most, Math.max(needed, Math.max(expected, 2 * bytes.length)));
    if (!memory.tryAcquire(room - bytes.length)) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, room);
    return true;
  }

  /** Returns all of the body, at its end; nothing where it was given up. */
  Optional<byte[]> whole() {
    return over ? Optional.empty() : Optional.of(Arrays.copyOf(bytes, size));
  }

  /** Gives the memory back. */
  void end() {
    if (!over) {
      over = true;
      memory.release(bytes.length);
      bytes = NOTHING;
    }
  }
}
