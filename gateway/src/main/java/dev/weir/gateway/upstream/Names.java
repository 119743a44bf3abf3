package dev.weir.gateway.upstream;

import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Service;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Asks DNS, on one event loop and without blocking it: all addresses of a name, and the SRV records
 * of a service. Nothing is cached here; whoever asks knows when to ask again.
 */
final class Names {
  private final TtlRecorder lives = new TtlRecorder();
  private final DnsNameResolver resolver;

  /** What a question was answered with. */
  record Found<T>(List<T> values, long ttlSeconds) {}

  /** Where an SRV record leads to. */
  record Target(int priority, String host, int port) {}

  /**
   * Prepares to ask.
   *
   * @param adjusted changes how the resolver is built
   */
  Names(EventLoop loop, UnaryOperator<DnsNameResolverBuilder> adjusted) {
    this.resolver =
        adjusted
            .apply(
                new DnsNameResolverBuilder(loop)
                    .datagramChannelType(ChannelTypes.datagram(loop))
                    // An answer too long for a datagram is asked for again over TCP.
                    .socketChannelType(ChannelTypes.stream(loop))
                    .resolveCache(lives))
            .build();
  }

  /** Finds all addresses of a name; absent where that failed or there is none. */
  void addresses(String host, BiConsumer<String, Optional<Found<InetAddress>>> then) {
    resolver
        .resolveAll(host)
        .addListener((Future<List<InetAddress>> asked) -> then.accept(host, found(host, asked)));
  }

  private Optional<Found<InetAddress>> found(String host, Future<List<InetAddress>> asked) {
    long ttl = lives.take(host);
    return asked.isSuccess() ? Optional.of(new Found<>(asked.getNow(), ttl)) : Optional.empty();
  }

  /** Finds the targets of a service; absent where that failed or there is none. */
  void targets(Service service, BiConsumer<Service, Optional<Found<Target>>> then) {
    resolver
        .resolveAll(new DefaultDnsQuestion(service.name(), DnsRecordType.SRV))
        .addListener((Future<List<DnsRecord>> asked) -> then.accept(service, foundTargets(asked)));
  }

  /** Of several priorities only the first is used (RFC 2782); weights are not. */
  private static Optional<Found<Target>> foundTargets(Future<List<DnsRecord>> asked) {
    if (!asked.isSuccess()) {
      return Optional.empty();
    }
    List<Target> targets = new ArrayList<>();
    long ttl = TtlRecorder.NONE;
    for (DnsRecord answer : asked.getNow()) {
      if (answer instanceof DnsRawRecord raw && DnsRecordType.SRV.equals(answer.type())) {
        ttl = Math.min(ttl, answer.timeToLive());
        target(raw.content()).ifPresent(targets::add);
      }
      ReferenceCountUtil.release(answer);
    }
    int first = targets.stream().mapToInt(Target::priority).min().orElse(0);
    List<Target> used = targets.stream().filter(target -> target.priority() == first).toList();
    return used.isEmpty() ? Optional.empty() : Optional.of(new Found<>(used, ttl));
  }

  /** Reads one record; a target of "." says that there is no such service. */
  private static Optional<Target> target(ByteBuf content) {
    if (content.readableBytes() < 7) {
      return Optional.empty();
    }
    int priority = content.readUnsignedShort();
    content.skipBytes(2);
    int port = content.readUnsignedShort();
    String host = DefaultDnsRecordDecoder.decodeName(content);
    String bare = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return bare.isEmpty() || port == 0
        ? Optional.empty()
        : Optional.of(new Target(priority, bare, port));
  }

  /** Makes the endpoint that a target stands for. */
  static Endpoint endpoint(Service service, Target target) {
    return new Endpoint(service.scheme(), target.host(), target.port());
  }

  void close() {
    resolver.close();
  }
}
