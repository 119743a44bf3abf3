package dev.weir.gateway.jwt;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/** Puts bytes together for tests. */
final class TestIssuerBytes {
  private TestIssuerBytes() {}

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  static byte[] unsigned(BigInteger number, int length) {
    byte[] signed = number.toByteArray();
    byte[] bytes = new byte[length];
    int from = Math.max(0, signed.length - length);
    System.arraycopy(signed, from, bytes, length - (signed.length - from), signed.length - from);
    return bytes;
  }
}
