package dev.weir.gateway.jwt;

import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * The SHA-256 of a token's text, which names it in the cache and in buckets, so that neither holds
 * the token. Nobody can make two tokens with one digest, so the digest alone is compared.
 */
record TokenDigest(long a, long b, long c, long d) {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final FastThreadLocal<MessageDigest> SHA_256 =
      new FastThreadLocal<>() {
        @Override
        protected MessageDigest initialValue() throws NoSuchAlgorithmException {
          return MessageDigest.getInstance("SHA-256");
        }
      };

  static TokenDigest of(String token) {
    byte[] digest = SHA_256.get().digest(token.getBytes(StandardCharsets.UTF_8));
    return new TokenDigest(
        (long) LONGS.get(digest, 0),
        (long) LONGS.get(digest, 8),
        (long) LONGS.get(digest, 16),
        (long) LONGS.get(digest, 24));
  }

  /** Returns the name of the token in buckets: half of the digest, base64url. */
  String tokenKey() {
    byte[] bytes = new byte[32];
    LONGS.set(bytes, 0, a);
    LONGS.set(bytes, 8, b);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes, 16));
  }

  @Override
  public int hashCode() {
    return (int) a;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TokenDigest(long oa, long ob, long oc, long od)
        && a == oa
        && b == ob
        && c == oc
        && d == od;
  }
}
