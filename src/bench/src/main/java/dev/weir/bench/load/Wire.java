package dev.weir.bench.load;

import io.netty.buffer.ByteBuf;

/** One client connection with room for some requests at once; confined to its event loop. */
interface Wire {
  /**
   * Writes a request without flushing.
   *
   * @param request as {@link Requests} encoded it; not released
   * @param dueNanos handed back with the answer
   */
  void send(ByteBuf request, long dueNanos);

  void flush();

  /** Who hears of the answers from now on. */
  void follow(Listener listener);

  void close();

  /** What happens on connections. */
  interface Listener {
    /** A whole response arrived and one slot of the wire is free; a send will be flushed. */
    void answered(Wire wire, int status, long dueNanos);

    void broken(String reason);
  }

  /** Between runs nothing is under way; a connection that breaks then is noticed by the next. */
  Listener NOBODY =
      new Listener() {
        @Override
        public void answered(Wire wire, int status, long dueNanos) {}

        @Override
        public void broken(String reason) {}
      };
}
