package dev.weir.gateway.upstream;

import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.resolver.dns.DnsCache;
import io.netty.resolver.dns.DnsCacheEntry;
import io.netty.resolver.dns.NoopDnsCache;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands where the resolver's cache would be: keeps no address, as every question is to be asked,
 * but hears each record's time to live, which the resolver tells nobody else. Confined to the
 * resolver's event loop.
 */
final class TtlRecorder implements DnsCache {
  /** Of a name that was answered without DNS: the hosts file. */
  static final long NONE = Long.MAX_VALUE;

  private final Map<String, Long> heard = new HashMap<>();

  /**
   * Returns the shortest time to live that was heard for a name, and forgets it. A name may have
   * been completed with a search domain.
   */
  long take(String host) {
    long shortest = NONE;
    var names = heard.entrySet().iterator();
    while (names.hasNext()) {
      Map.Entry<String, Long> entry = names.next();
      if (entry.getKey().equals(host) || entry.getKey().startsWith(host + ".")) {
        shortest = Math.min(shortest, entry.getValue());
        names.remove();
      }
    }
    return shortest;
  }

  @Override
  public DnsCacheEntry cache(
      String hostname,
      DnsRecord @Nullable [] additionals,
      InetAddress address,
      long originalTtl,
      EventLoop loop) {
    heard.merge(hostname, originalTtl, Math::min);
    return NoopDnsCache.INSTANCE.cache(hostname, additionals, address, originalTtl, loop);
  }

  @Override
  public DnsCacheEntry cache(
      String hostname, DnsRecord @Nullable [] additionals, Throwable cause, EventLoop loop) {
    return NoopDnsCache.INSTANCE.cache(hostname, additionals, cause, loop);
  }

  @Override
  public List<? extends DnsCacheEntry> get(String hostname, DnsRecord @Nullable [] additionals) {
    return List.of();
  }

  @Override
  public void clear() {
    heard.clear();
  }

  @Override
  public boolean clear(String hostname) {
    return heard.remove(hostname) != null;
  }
}
