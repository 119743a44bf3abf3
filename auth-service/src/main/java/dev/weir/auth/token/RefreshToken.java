package dev.weir.auth.token;

import dev.weir.auth.key.Keys;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * A refresh token as presented: {@code base64url(version | session id | counter | HMAC | CRC)}. The
 * checksum tells typing errors from forgeries without a look-up; the HMAC under the session's own
 * key makes every token of a session computable from its row, so that none is stored and a lost
 * answer can be given again byte for byte.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared: the check is constant-time, below
public record RefreshToken(UUID sessionId, long counter, byte[] mac) {
  private static final byte VERSION = 1;
  private static final int MAC_BYTES = 16;
  private static final int CRC_BYTES = 4;
  private static final int MAX_VARINT = 9;
  private static final int FIXED_BYTES = 1 + 16 + MAC_BYTES + CRC_BYTES;
  private static final int MAX_CHARS = 64;

  /**
   * Writes the token of this counter; the same session, counter and key always give the same text.
   */
  public static String write(UUID sessionId, long counter, byte[] sessionKey) {
    var body = body(sessionId, counter);
    var buffer = ByteBuffer.allocate(body.length + MAC_BYTES + CRC_BYTES);
    buffer.put(body).put(mac(body, sessionKey));
    buffer.putInt(checksum(buffer.array(), buffer.position()));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(buffer.array());
  }

  /**
   * Reads a token without any look-up; nothing comes back unless it is written exactly as {@link
   * #write} would.
   */
  public static Optional<RefreshToken> read(String text) {
    if (text.length() > MAX_CHARS) {
      return Optional.empty();
    }
    try {
      var bytes = Base64.getUrlDecoder().decode(text);
      boolean canonical =
          Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(text);
      return canonical && bytes.length > FIXED_BYTES ? parse(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  public boolean isAuthentic(byte[] sessionKey) {
    return MessageDigest.isEqual(mac, mac(body(sessionId, counter), sessionKey));
  }

  @Override
  public String toString() {
    return "RefreshToken[hidden]";
  }

  private static Optional<RefreshToken> parse(byte[] bytes) {
    int crcAt = bytes.length - CRC_BYTES;
    int varintLength = bytes.length - FIXED_BYTES;
    var buffer = ByteBuffer.wrap(bytes);
    if (buffer.get() != VERSION
        || varintLength > MAX_VARINT
        || buffer.getInt(crcAt) != checksum(bytes, crcAt)) {
      return Optional.empty();
    }
    var id = new UUID(buffer.getLong(), buffer.getLong());
    long counter = 0;
    for (int i = 0; i < varintLength; i++) {
      counter |= (long) (buffer.get() & 0x7f) << (7 * i);
    }
    var mac = Arrays.copyOfRange(bytes, crcAt - MAC_BYTES, crcAt);
    var body = Arrays.copyOf(bytes, crcAt - MAC_BYTES);
    return Arrays.equals(body, body(id, counter))
        ? Optional.of(new RefreshToken(id, counter, mac))
        : Optional.empty();
  }

  private static byte[] body(UUID sessionId, long counter) {
    var buffer = ByteBuffer.allocate(1 + 16 + MAX_VARINT);
    buffer.put(VERSION);
    buffer.putLong(sessionId.getMostSignificantBits());
    buffer.putLong(sessionId.getLeastSignificantBits());
    long rest = counter;
    while (rest > 0x7f) {
      buffer.put((byte) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    buffer.put((byte) rest);
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static byte[] mac(byte[] body, byte[] sessionKey) {
    return Arrays.copyOf(Keys.hmac(sessionKey, body), MAC_BYTES);
  }

  private static int checksum(byte[] bytes, int length) {
    var crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
