package dev.weir.gateway.upstream;

import io.netty.channel.EventLoop;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;

/**
 * Resolves host names without blocking, on the event loop that asks, with a cache per loop that
 * keeps to the records' time to live.
 */
final class NameResolvers extends AddressResolverGroup<InetSocketAddress> {

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    if (!(executor instanceof EventLoop loop)) {
      throw new IllegalArgumentException("not an event loop: " + executor);
    }
    return new DnsNameResolverBuilder(loop)
        .datagramChannelType(ChannelTypes.datagram(loop))
        .build()
        .asAddressResolver();
  }
}
