package dev.weir.auth.token;

import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;

/**
 * The nonces that proofs hold at logins and refreshes (RFC 9449 §8), so that nobody can make proofs
 * ahead. Computed from a key that all instances share, not stored, so they work while Redis is
 * lost: one for every five minutes, good in those and in the next.
 */
public final class DpopNonces {
  private static final long EPOCH_SECONDS = Duration.ofMinutes(5).toSeconds();
  private static final int MAC_BYTES = 12;

  private final Keys keys;
  private final InstantSource clock;

  public DpopNonces(Keys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  public String current() {
    return nonce(epoch());
  }

  public boolean isCurrent(String nonce) {
    return same(nonce, nonce(epoch()));
  }

  public boolean isGood(String nonce) {
    return isCurrent(nonce) || same(nonce, nonce(epoch() - 1));
  }

  private long epoch() {
    return clock.instant().getEpochSecond() / EPOCH_SECONDS;
  }

  private String nonce(long epoch) {
    var tag =
        keys.tag(
            KeyUse.BLIND_INDEX,
            "dpop-nonce".getBytes(StandardCharsets.US_ASCII),
            ByteBuffer.allocate(Long.BYTES).putLong(epoch).array());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(Arrays.copyOf(tag.bytes(), MAC_BYTES));
  }

  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
