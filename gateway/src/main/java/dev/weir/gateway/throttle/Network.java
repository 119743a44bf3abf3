package dev.weir.gateway.throttle;

import io.netty.util.NetUtil;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How much of an address counts. An IPv6 client usually owns its whole /64; an IPv4 address written
 * as IPv6 is the IPv4 address.
 */
record Network(int ipv4Prefix, int ipv6Prefix) {

  /** Returns the bytes of the network that the address is in: 4 or 16. */
  byte[] of(String address) {
    byte[] parsed = NetUtil.createByteArrayFromIpAddressString(address);
    if (parsed == null) {
      return address.getBytes(StandardCharsets.UTF_8);
    }
    if (parsed.length == 4) {
      return cut(parsed, ipv4Prefix);
    }
    return isMappedIpv4(parsed)
        ? cut(Arrays.copyOfRange(parsed, 12, 16), ipv4Prefix)
        : cut(parsed, ipv6Prefix);
  }

  private static byte[] cut(byte[] address, int prefix) {
    for (int i = 0; i < address.length; i++) {
      int kept = Math.clamp(prefix - 8L * i, 0, 8);
      address[i] &= (byte) (0xff00 >> kept);
    }
    return address;
  }

  private static boolean isMappedIpv4(byte[] address) {
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return false;
      }
    }
    return address[10] == -1 && address[11] == -1;
  }
}
