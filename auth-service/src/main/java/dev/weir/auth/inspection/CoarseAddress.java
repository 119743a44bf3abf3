package dev.weir.auth.inspection;

import java.net.InetAddress;

/** An address as much as a person needs to recognise a place: the /24 of IPv4, the /48 of IPv6. */
final class CoarseAddress {
  private CoarseAddress() {}

  static String of(String literal) {
    try {
      var address = InetAddress.ofLiteral(literal);
      var bytes = address.getAddress();
      int kept = bytes.length == 4 ? 3 : 6;
      for (int i = kept; i < bytes.length; i++) {
        bytes[i] = 0;
      }
      return InetAddress.getByAddress(bytes).getHostAddress() + "/" + kept * 8;
    } catch (java.net.UnknownHostException | IllegalArgumentException e) {
      return "-";
    }
  }
}
