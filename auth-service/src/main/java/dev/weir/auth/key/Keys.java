package dev.weir.auth.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hands out the ring in use, and does with its keys whatever must not need to see them. */
public final class Keys {
  /**
   * An immutable ring behind one volatile reference: readers see a whole ring, the old or the new.
   */
  private final AtomicReference<KeyRing> ring;

  public Keys(KeyRing first) {
    this.ring = new AtomicReference<>(first);
  }

  public KeyRing ring() {
    return ring.get();
  }

  void swap(KeyRing next) {
    ring.set(next);
  }

  /**
   * Seals a value for one place, such as {@code users.email:<id>}; the key's id travels in front.
   */
  public byte[] seal(byte[] plain, String place) {
    var key = ring().require(KeyUse.FIELD);
    var kid = key.kid().getBytes(StandardCharsets.US_ASCII);
    var sealed = Sealing.seal(aes(key), plain, place.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.allocate(1 + kid.length + sealed.length)
        .put((byte) kid.length)
        .put(kid)
        .put(sealed)
        .array();
  }

  public byte[] open(byte[] sealed, String place) {
    int kidLength = sealed[0];
    var kid = new String(sealed, 1, kidLength, StandardCharsets.US_ASCII);
    var body = new byte[sealed.length - 1 - kidLength];
    System.arraycopy(sealed, 1 + kidLength, body, 0, body.length);
    var key = ring().find(kid).orElseThrow(() -> new IllegalStateException("no key " + kid));
    try {
      return Sealing.open(aes(key), body, place.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a sealed value was moved or changed: " + place, e);
    }
  }

  /** Returns the keyed digest of the parts under the active key of this use. */
  public Tag tag(KeyUse use, byte[]... parts) {
    var key = ring().require(use);
    return new Tag(key.kid(), hmac(key.secret(), parts));
  }

  /** Returns the keyed digest of the parts under the key that a stored value names. */
  public byte[] tagUnder(String kid, byte[]... parts) {
    var key = ring().find(kid).orElseThrow(() -> new IllegalStateException("no key " + kid));
    return hmac(key.secret(), parts);
  }

  /** HMAC-SHA-256 over the parts, each led by its length, so that no two lists of parts meet. */
  public static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (var part : parts) {
        mac.update(ByteBuffer.allocate(4).putInt(part.length).array());
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HmacSHA256 is part of every Java runtime", e);
    }
  }

  private static SecretKeySpec aes(StoredKey key) {
    return new SecretKeySpec(key.secret(), "AES");
  }

  /** A keyed digest and the id of its key. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Tag(String kid, byte[] bytes) {}
}
