package dev.weir.auth.session;

import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.OpaqueCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Device cookies: proof that this browser has logged in to this account before. It never
 * authenticates; it gives the owner of an account a budget of attempts that nobody else can use up,
 * and lets a session tell its own device.
 */
public final class Devices {
  private static final int ID_BYTES = 16;
  private static final int MAC_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Keys keys;

  public Devices(Keys keys) {
    this.keys = keys;
  }

  public String issue(String identity) {
    var id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    var mac = mac(keys.tag(KeyUse.DEVICE, parts(id, identity)));
    var bytes = ByteBuffer.allocate(ID_BYTES + MAC_BYTES).put(id).put(mac).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public boolean isTrustedFor(String cookie, String identity) {
    try {
      var bytes = Base64.getUrlDecoder().decode(cookie);
      // Only the one way to write it: each other one would be a cookie with a budget of its own.
      var canonical = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      if (bytes.length != ID_BYTES + MAC_BYTES || !canonical.equals(cookie)) {
        return false;
      }
      var tags = keys.tags(KeyUse.DEVICE, parts(id(bytes), identity));
      return tags.stream().anyMatch(tag -> isOf(tag, bytes));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Returns the cookie that a browser gets at a login: the trusted one that it has, or another
   * where it has none. Where the key is being replaced it is another, too: it would end with the
   * old one.
   */
  public String next(Optional<String> trusted, String identity) {
    return trusted.filter(cookie -> isCurrent(cookie, identity)).orElseGet(() -> issue(identity));
  }

  private boolean isCurrent(String trusted, String identity) {
    var bytes = Base64.getUrlDecoder().decode(trusted);
    return isOf(keys.tag(KeyUse.DEVICE, parts(id(bytes), identity)), bytes);
  }

  /** Returns what a session keeps of its device cookie. */
  public static Optional<String> digest(Optional<String> cookie) {
    return cookie.map(text -> HexFormat.of().formatHex(OpaqueCode.digest(text)));
  }

  private static byte[] id(byte[] cookie) {
    return Arrays.copyOf(cookie, ID_BYTES);
  }

  private static boolean isOf(Keys.Tag tag, byte[] cookie) {
    return MessageDigest.isEqual(
        mac(tag), Arrays.copyOfRange(cookie, ID_BYTES, ID_BYTES + MAC_BYTES));
  }

  private static byte[] mac(Keys.Tag tag) {
    return Arrays.copyOf(tag.bytes(), MAC_BYTES);
  }

  private static byte[][] parts(byte[] id, String identity) {
    return new byte[][] {id, identity.getBytes(StandardCharsets.UTF_8)};
  }
}
