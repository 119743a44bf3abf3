package dev.weir.auth.exchange;

import java.net.InetAddress;
import java.util.List;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * Finds the address of the client behind trusted proxies: the right-most entry of X-Forwarded-For
 * that is not itself a trusted proxy, and only if the peer is one. Everything left of it is the
 * client's own claim.
 */
public final class ClientAddresses {
  private final List<AddressRange> trustedProxies;

  public ClientAddresses(List<AddressRange> trustedProxies) {
    this.trustedProxies = List.copyOf(trustedProxies);
  }

  public InetAddress of(ServerRequest request) {
    var peer =
        request
            .remoteAddress()
            .map(java.net.InetSocketAddress::getAddress)
            .orElseGet(InetAddress::getLoopbackAddress);
    return resolve(peer, request.headers().header("X-Forwarded-For"));
  }

  InetAddress resolve(InetAddress peer, List<String> forwardedFor) {
    var chain = String.join(",", forwardedFor).split(",", -1);
    var client = peer;
    for (int i = chain.length - 1; i >= 0 && isTrusted(client); i--) {
      try {
        client = InetAddress.ofLiteral(chain[i].strip());
      } catch (IllegalArgumentException e) {
        return client;
      }
    }
    return client;
  }

  private boolean isTrusted(InetAddress address) {
    return trustedProxies.stream().anyMatch(range -> range.contains(address));
  }

  /** Names the block that counts as one client: an IPv4 address, or the /64 of an IPv6 one. */
  public static String block(InetAddress address) {
    var bytes = address.getAddress();
    int length = bytes.length == 4 ? 4 : 8;
    return java.util.HexFormat.of().formatHex(bytes, 0, length);
  }
}
