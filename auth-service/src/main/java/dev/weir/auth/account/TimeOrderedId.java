package dev.weir.auth.account;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Makes version 7 UUIDs (RFC 9562): rows of one time lie side by side in the index. */
final class TimeOrderedId {
  private static final SecureRandom RANDOM = new SecureRandom();

  private TimeOrderedId() {}

  static UUID at(Instant now) {
    long high = (now.toEpochMilli() << 16) | 0x7000 | RANDOM.nextInt(0x1000);
    long low = (RANDOM.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
