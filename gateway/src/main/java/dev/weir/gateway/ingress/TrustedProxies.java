package dev.weir.gateway.ingress;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * The networks whose forwarded fields are believed. Everyone else's are stripped (CVE-2025-41235 is
 * what happens otherwise).
 */
public final class TrustedProxies {
  private final List<Network> networks;

  private record Network(byte[] prefix, int bits) {
    boolean contains(byte[] address) {
      if (address.length != prefix.length) {
        return false;
      }
      int whole = bits / 8;
      if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
        return false;
      }
      int rest = bits % 8;
      if (rest == 0) {
        return true;
      }
      int mask = 0xff << (8 - rest);
      return (address[whole] & mask) == (prefix[whole] & mask);
    }
  }

  private TrustedProxies(List<Network> networks) {
    this.networks = networks;
  }

  /**
   * Reads networks in CIDR notation; an address alone is a network of one.
   *
   * @throws IllegalArgumentException names the entry that is not a network
   */
  public static TrustedProxies parse(List<String> cidrs) {
    return new TrustedProxies(cidrs.stream().map(TrustedProxies::network).toList());
  }

  boolean contains(InetAddress address) {
    byte[] octets = address.getAddress();
    for (Network network : networks) {
      if (network.contains(octets)) {
        return true;
      }
    }
    return false;
  }

  private static Network network(String cidr) {
    int slash = cidr.indexOf('/');
    String literal = slash < 0 ? cidr : cidr.substring(0, slash);
    try {
      byte[] prefix = InetAddress.ofLiteral(literal.strip()).getAddress();
      int bits =
          slash < 0 ? prefix.length * 8 : Integer.parseInt(cidr.substring(slash + 1).strip());
      if (bits < 0 || bits > prefix.length * 8) {
        throw new IllegalArgumentException("prefix length out of range");
      }
      return new Network(prefix, bits);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + cidr + "' is not a network; write an address or CIDR such as 10.0.0.0/8", e);
    }
  }
}
