package dev.weir.auth.key;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
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
    var ring = ring();
    var kid = ring.require(KeyUse.FIELD).kid();
    var sealed = Sealing.seal(ring.sealer(kid), plain, place.getBytes(StandardCharsets.UTF_8));
    var lead = lead(kid);
    return ByteBuffer.allocate(lead.length + sealed.length).put(lead).put(sealed).array();
  }

  public byte[] open(byte[] sealed, String place) {
    int kidLength = sealed[0];
    var kid = new String(sealed, 1, kidLength, StandardCharsets.US_ASCII);
    var body = Arrays.copyOfRange(sealed, 1 + kidLength, sealed.length);
    try {
      return ring().sealer(kid).decrypt(body, place.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a sealed value was moved or changed: " + place, e);
    }
  }

  /** Tells whether a value is sealed under the key that is written under now. */
  boolean isCurrent(byte[] sealed) {
    var lead = lead(ring().require(KeyUse.FIELD).kid());
    return Arrays.mismatch(lead, sealed) == lead.length;
  }

  private static byte[] lead(String kid) {
    var name = kid.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(1 + name.length).put((byte) name.length).put(name).array();
  }

  /** Returns the keyed digest of the parts under the active key of this use. */
  public Tag tag(KeyUse use, byte[]... parts) {
    var key = ring().require(use);
    return new Tag(key.kid(), hmac(key.secret(), parts));
  }

  /** Returns the digests of the parts under every key that some instance may look them up by. */
  public List<Tag> tags(KeyUse use, byte[]... parts) {
    return ring().all(use).stream()
        .filter(key -> key.state() != KeyState.RETIRED)
        .map(key -> new Tag(key.kid(), hmac(key.secret(), parts)))
        .toList();
  }

  /** Returns the digests of the parts under every key there ever was, for what keeps its own. */
  public List<Tag> tagsEver(KeyUse use, byte[]... parts) {
    return ring().all(use).stream()
        .map(key -> new Tag(key.kid(), hmac(key.secret(), parts)))
        .toList();
  }

  /** Returns the keyed digest of the parts under the key that a stored value names. */
  public byte[] tagUnder(String kid, byte[]... parts) {
    var key = ring().find(kid).orElseThrow(() -> new IllegalStateException("no key " + kid));
    return hmac(key.secret(), parts);
  }

  /**
   * Tells whether a digest is that of the parts under this key, which need not be known. One of
   * another use proves nothing: somebody may have a key of browsers' cookies.
   */
  public boolean matches(KeyUse use, String kid, byte[] digest, byte[]... parts) {
    return ring()
        .find(kid)
        .filter(key -> key.use() == use)
        .filter(key -> MessageDigest.isEqual(hmac(key.secret(), parts), digest))
        .isPresent();
  }

  /** Tells whether a key had retired by then: what is under it and of later is somebody else's. */
  public boolean hadRetired(String kid, Instant by) {
    return ring()
        .find(kid)
        .filter(key -> key.state() == KeyState.RETIRED && key.stateSince().isBefore(by))
        .isPresent();
  }

  /** Returns which keys of this use have retired, and when. */
  public Map<String, Instant> retired(KeyUse use) {
    return ring().all(use).stream()
        .filter(key -> key.state() == KeyState.RETIRED)
        .collect(Collectors.toUnmodifiableMap(StoredKey::kid, StoredKey::stateSince));
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

  /** A keyed digest and the id of its key. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Tag(String kid, byte[] bytes) {}
}
