package dev.weir.auth.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An authenticator with one passkey, and the browser before it; it can be told to lie about
 * anything. CBOR is written by hand: the few bytes that an ES256 key without attestation takes.
 *
 * @param handle what the service calls the user; empty before the passkey is made
 * @param flags 1 user present, 4 user verified, 8 may be backed up, 16 is backed up
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SoftwarePasskey(
    KeyPair keys, byte[] id, byte[] handle, String origin, String domain, int flags, long count) {
  public static final int PRESENT = 1;
  public static final int VERIFIED = 4;
  private static final int ATTESTED = 64;
  private static final int NO_AAGUID = 16;

  public static SoftwarePasskey make() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      var id = new byte[32];
      new SecureRandom().nextBytes(id);
      return new SoftwarePasskey(
          generator.generateKeyPair(),
          id,
          new byte[0],
          "https://localhost:8443",
          "localhost",
          PRESENT | VERIFIED,
          0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns this passkey as the service that made these options will know it. */
  public SoftwarePasskey of(JsonNode options) {
    var user = Base64.getUrlDecoder().decode(options.path("user").path("id").asString());
    return new SoftwarePasskey(keys, id, user, origin, domain, flags, count);
  }

  public SoftwarePasskey from(String otherOrigin) {
    return new SoftwarePasskey(keys, id, handle, otherOrigin, domain, flags, count);
  }

  public SoftwarePasskey in(String otherDomain) {
    return new SoftwarePasskey(keys, id, handle, origin, otherDomain, flags, count);
  }

  public SoftwarePasskey with(int otherFlags) {
    return new SoftwarePasskey(keys, id, handle, origin, domain, otherFlags, count);
  }

  public SoftwarePasskey counting(long otherCount) {
    return new SoftwarePasskey(keys, id, handle, origin, domain, flags, otherCount);
  }

  public SoftwarePasskey handedTo(SoftwarePasskey other) {
    return new SoftwarePasskey(keys, id, other.handle, origin, domain, flags, count);
  }

  /** Returns this passkey as a security key would have it that keeps no names. */
  public SoftwarePasskey nameless() {
    return new SoftwarePasskey(keys, id, new byte[0], origin, domain, flags, count);
  }

  public SoftwarePasskey signingLike(SoftwarePasskey other) {
    return new SoftwarePasskey(other.keys, id, handle, origin, domain, flags, count);
  }

  /** Answers navigator.credentials.create. */
  public Map<String, Object> creation(JsonNode options) {
    var client = clientData("webauthn.create", options);
    var data = ByteBuffer.allocate(256).put(authenticatorData(flags | ATTESTED));
    data.put(new byte[NO_AAGUID]).putShort((short) id.length).put(id).put(coseKey());
    var authenticatorData = Arrays.copyOf(data.array(), data.position());
    var attestation = ByteBuffer.allocate(512);
    attestation.put((byte) 0xa3).put(text("fmt")).put(text("none"));
    attestation.put(text("attStmt")).put((byte) 0xa0).put(text("authData"));
    attestation.put((byte) 0x58).put((byte) authenticatorData.length).put(authenticatorData);
    return credential(
        Map.of(
            "clientDataJSON",
            encoded(client),
            "attestationObject",
            encoded(Arrays.copyOf(attestation.array(), attestation.position())),
            "transports",
            List.of("internal", "hybrid")));
  }

  /** Answers navigator.credentials.get. */
  public Map<String, Object> assertion(JsonNode options) {
    var client = clientData("webauthn.get", options);
    var data = authenticatorData(flags);
    var response = new HashMap<String, Object>();
    response.put("clientDataJSON", encoded(client));
    response.put("authenticatorData", encoded(data));
    response.put("signature", encoded(signed(data, sha256(client))));
    if (handle.length > 0) {
      response.put("userHandle", encoded(handle));
    }
    return credential(response);
  }

  private Map<String, Object> credential(Map<String, Object> response) {
    return Map.of(
        "id",
        encoded(id),
        "rawId",
        encoded(id),
        "type",
        "public-key",
        "response",
        response,
        "authenticatorAttachment",
        "platform",
        "clientExtensionResults",
        Map.of());
  }

  private byte[] clientData(String type, JsonNode options) {
    return "{\"type\":\"%s\",\"challenge\":\"%s\",\"origin\":\"%s\",\"crossOrigin\":false}"
        .formatted(type, options.path("challenge").asString(), origin)
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] authenticatorData(int allFlags) {
    return ByteBuffer.allocate(37)
        .put(sha256(domain.getBytes(StandardCharsets.US_ASCII)))
        .put((byte) allFlags)
        .putInt((int) count)
        .array();
  }

  /** {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053). */
  private byte[] coseKey() {
    var point = ((ECPublicKey) keys.getPublic()).getW();
    var key = ByteBuffer.allocate(77);
    key.put(new byte[] {(byte) 0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20});
    key.put(unsigned(point.getAffineX().toByteArray()));
    key.put(new byte[] {0x22, 0x58, 0x20});
    return key.put(unsigned(point.getAffineY().toByteArray())).array();
  }

  private static byte[] unsigned(byte[] number) {
    var bytes = new byte[32];
    int length = Math.min(32, number.length);
    System.arraycopy(number, number.length - length, bytes, 32 - length, length);
    return bytes;
  }

  private byte[] signed(byte[]... parts) {
    try {
      var signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(keys.getPrivate());
      for (var part : parts) {
        signer.update(part);
      }
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] text(String text) {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(bytes.length + 1)
        .put((byte) (0x60 + bytes.length))
        .put(bytes)
        .array();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
