package dev.weir.gateway.upstream;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import reactor.netty.resources.LoopResources;

/**
 * Finds the channel types that fit an event loop: a client channel must be of the transport (NIO,
 * epoll, io_uring, kqueue) that the server chose, or it cannot share the server's loop.
 */
final class ChannelTypes {
  /** Asked for types only, so it never starts a thread. */
  private static final LoopResources TYPES = LoopResources.create("weir-upstream");

  private ChannelTypes() {}

  static Class<? extends SocketChannel> stream(EventLoop loop) {
    return TYPES.onChannelClass(SocketChannel.class, loop);
  }

  static Class<? extends DatagramChannel> datagram(EventLoop loop) {
    return TYPES.onChannelClass(DatagramChannel.class, loop);
  }
}
