package dev.weir.auth.factor;

import dev.weir.auth.account.AccountDetails;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes what a page hands to its browser: PublicKeyCredentialCreationOptionsJSON and
 * PublicKeyCredentialRequestOptionsJSON (Web Authentication Level 3 §5.1.8, §5.1.9).
 */
public record Ceremony(RelyingParty relyingParty) {
  private static final int ES256 = -7;
  private static final int RS256 = -257;

  /** Asks for a passkey that is found without a name being typed first. */
  public Map<String, Object> creation(
      AccountDetails details, byte[] challenge, List<Descriptor> held) {
    var options = new LinkedHashMap<String, Object>();
    options.put("rp", Map.of("id", relyingParty.id(), "name", "Weir"));
    options.put("user", user(details));
    options.put("challenge", encoded(challenge));
    options.put("pubKeyCredParams", List.of(key(ES256), key(RS256)));
    options.put("timeout", PasskeyChallenges.LIFE.toMillis());
    options.put("excludeCredentials", held.stream().map(Ceremony::credential).toList());
    options.put(
        "authenticatorSelection",
        Map.of(
            "residentKey", "required", "requireResidentKey", true, "userVerification", "required"));
    options.put("attestation", "none");
    return options;
  }

  /** Asks for any passkey of ours. It is the same for everyone: nobody is named or looked up. */
  public Map<String, Object> request(byte[] challenge) {
    return request(challenge, List.of());
  }

  /** Asks for one of these passkeys, whose holder is known already. */
  public Map<String, Object> request(byte[] challenge, List<Descriptor> allowed) {
    var options = new LinkedHashMap<String, Object>();
    options.put("rpId", relyingParty.id());
    options.put("challenge", encoded(challenge));
    options.put("timeout", PasskeyChallenges.LIFE.toMillis());
    options.put("userVerification", "required");
    options.put("allowCredentials", allowed.stream().map(Ceremony::credential).toList());
    return options;
  }

  /** The user handle is the account's id, which says nothing about the person. */
  public static byte[] handle(UUID userId) {
    return ByteBuffer.allocate(16)
        .putLong(userId.getMostSignificantBits())
        .putLong(userId.getLeastSignificantBits())
        .array();
  }

  private static Map<String, Object> user(AccountDetails details) {
    var shown = details.profile().displayName();
    return Map.of(
        "id",
        encoded(handle(details.account().id())),
        "name",
        details.email(),
        "displayName",
        shown.isEmpty() ? details.email() : shown);
  }

  private static Map<String, Object> key(int algorithm) {
    return Map.of("type", "public-key", "alg", algorithm);
  }

  private static Map<String, Object> credential(Descriptor passkey) {
    return Map.of(
        "type",
        "public-key",
        "id",
        encoded(passkey.credentialId()),
        "transports",
        passkey.transports());
  }

  private static String encoded(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
