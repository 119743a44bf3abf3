package dev.weir.gateway.upstream;

import io.netty.handler.codec.http2.Http2CodecUtil;

/**
 * When a shared connection is to end, and why it did. Nothing of it is asked for by a request that
 * goes well.
 */
final class Farewell {
  /**
   * A peer may close a connection on which many streams are reset (CVE-2023-44487), and all its
   * others with it; Netty's own server does from 200 in half a minute. Half of that ends ours
   * first, and gently.
   */
  static final int MOST_RESETS = 100;

  /** What time-outs and hedges abandon now and then is no flood: so many are forgiven in a tick. */
  private static final int FORGIVEN = 3;

  private String reason = "closed by the upstream";
  private boolean unreadable;
  private int resets;
  private int lastTick;

  /** Notes why it ends; what is said last counts. */
  void because(String why) {
    reason = why;
  }

  /** Notes that it ends as something was wrong with it, or with what the peer sent. */
  void because(Throwable cause) {
    unreadable = Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null;
    reason = String.valueOf(cause.getMessage());
  }

  String reason() {
    return reason;
  }

  /** Returns whether it ends because the peer does not keep to HTTP/2. */
  boolean isUnreadable() {
    return unreadable;
  }

  /** Counts a stream that is reset; returns whether they are as many as a peer may bear. */
  boolean countReset() {
    return ++resets >= MOST_RESETS;
  }

  /** Forgives what is no flood, once a tick. */
  void forgive() {
    resets = Math.max(0, resets - FORGIVEN);
  }

  void dueAt(int tick) {
    lastTick = tick;
  }

  boolean isDue(int tick) {
    return tick - lastTick >= 0;
  }
}
