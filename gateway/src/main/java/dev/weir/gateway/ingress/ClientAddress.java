package dev.weir.gateway.ingress;

import java.net.InetAddress;
import java.util.List;

/**
 * Finds the client's address: the peer, or, where the peer is a trusted proxy, the rightmost
 * address in X-Forwarded-For that is not one. Reading from the right is what keeps a client from
 * choosing its own address: it can only write to the left of what trusted proxies append.
 */
final class ClientAddress {
  /** More hops than any honest chain has; the rest is not looked at. */
  private static final int MAX_HOPS = 16;

  private ClientAddress() {}

  static InetAddress resolve(InetAddress peer, List<String> forwardedFor, TrustedProxies trusted) {
    InetAddress client = peer;
    int hops = 0;
    for (int field = forwardedFor.size() - 1; field >= 0; field--) {
      String value = forwardedFor.get(field);
      int end = value.length();
      while (end >= 0) {
        if (!trusted.contains(client) || hops++ == MAX_HOPS) {
          return client;
        }
        int comma = value.lastIndexOf(',', end - 1);
        try {
          client = InetAddress.ofLiteral(value.substring(comma + 1, end).strip());
        } catch (IllegalArgumentException e) {
          // A trusted proxy passed on something that is no address: the last good hop is all we
          // know.
          return client;
        }
        end = comma;
      }
    }
    return client;
  }
}
