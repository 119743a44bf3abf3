package dev.weir.gateway.upstream;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpMethod;

/** Makes HTTP of what a {@link Connection} reads: of its bytes, or of the frames of a stream. */
interface AnswerReader extends ChannelHandler {

  /** Expects the answer to this method. */
  void expect(HttpMethod method);

  /** Returns whether any byte of an answer arrived since {@link #expect}. */
  boolean anyByte();

  /** Returns whether the peer is known to have looked at nothing of the request. */
  boolean isRefused();

  /** Returns whether another answer may be expected once this one is whole. */
  boolean mayServeAgain();

  /** Returns whether fields may follow a body. */
  boolean mayTrail();

  /** Notes that no answer came in time, before the connection is closed for it. */
  void noteTimeout();
}
