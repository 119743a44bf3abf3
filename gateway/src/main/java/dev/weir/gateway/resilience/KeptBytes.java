package dev.weir.gateway.resilience;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the memory of kept request bodies over all routes: what a client declares is taken at
 * once, whether or not it ever sends it. Only requests whose body is kept come here.
 */
final class KeptBytes {
  private final AtomicLong held = new AtomicLong();
  private final long most;

  KeptBytes(long most) {
    this.most = most;
  }

  boolean tryHold(int bytes) {
    long now = held.get();
    while (now + bytes <= most) {
      if (held.compareAndSet(now, now + bytes)) {
        return true;
      }
      now = held.get();
    }
    return false;
  }

  void letGo(int bytes) {
    held.addAndGet(-bytes);
  }
}
