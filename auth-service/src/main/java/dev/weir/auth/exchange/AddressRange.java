package dev.weir.auth.exchange;

import java.net.InetAddress;
import java.util.Arrays;

/** A CIDR block. */
public record AddressRange(InetAddress base, int prefixLength) {
  public AddressRange {
    if (prefixLength < 0 || prefixLength > base.getAddress().length * 8) {
      throw new IllegalArgumentException("prefix length " + prefixLength);
    }
  }

  /**
   * Parses {@code 10.0.0.0/8} or a single address; names are refused, because they would need a
   * look-up.
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
    int full = address.getAddress().length * 8;
    return new AddressRange(
        address, slash < 0 ? full : Integer.parseInt(text.substring(slash + 1)));
  }

  public boolean contains(InetAddress address) {
    var bytes = address.getAddress();
    return bytes.length == base.getAddress().length
        && Arrays.equals(masked(bytes), masked(base.getAddress()));
  }

  private byte[] masked(byte[] bytes) {
    var masked = bytes.clone();
    for (int bit = prefixLength; bit < masked.length * 8; bit++) {
      masked[bit / 8] &= (byte) ~(0x80 >> bit % 8);
    }
    return masked;
  }
}
