package dev.weir.auth.key;

import com.google.crypto.tink.Aead;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All usable keys at one moment, immutable; a rotation swaps the whole ring. */
public final class KeyRing {
  private final Map<KeyUse, StoredKey> active = new EnumMap<>(KeyUse.class);
  private final Map<String, StoredKey> byKid = new HashMap<>();
  private final Map<String, Aead> sealers = new HashMap<>();
  private final Map<String, RSAPublicKey> verificationKeys = new HashMap<>();
  private final SigningKey signingKey;
  private final byte[] jwks;
  private final String etag;

  KeyRing(List<StoredKey> keys) {
    for (var key : keys) {
      byKid.put(key.kid(), key);
      if (key.state() == KeyState.ACTIVE) {
        active.put(key.use(), key);
      }
      if (key.use() == KeyUse.FIELD) {
        sealers.put(key.kid(), Sealing.of(key.secret()));
      }
    }
    var published =
        keys.stream().filter(k -> k.use() == KeyUse.SIGN && k.state() != KeyState.RETIRED).toList();
    var jwkList = new ArrayList<com.nimbusds.jose.jwk.JWK>();
    for (var key : published) {
      var publicKey = publicPart(privatePart(key.secret()));
      verificationKeys.put(key.kid(), publicKey);
      jwkList.add(jwk(key.kid(), publicKey));
    }
    var signer = require(KeyUse.SIGN);
    this.signingKey = new SigningKey(signer.kid(), privatePart(signer.secret()));
    this.jwks = new JWKSet(jwkList).toString().getBytes(StandardCharsets.UTF_8);
    this.etag = "\"" + HexFormat.of().formatHex(OpaqueCode.sha256(jwks), 0, 8) + "\"";
  }

  public SigningKey signingKey() {
    return signingKey;
  }

  /**
   * Returns the public key of a kid that may still be verified with; a retired one is as unknown as
   * any other.
   */
  public Optional<RSAPublicKey> verificationKey(String kid) {
    return Optional.ofNullable(verificationKeys.get(kid));
  }

  public byte[] jwks() {
    return jwks.clone();
  }

  public String jwksEtag() {
    return etag;
  }

  StoredKey require(KeyUse use) {
    var key = active.get(use);
    if (key == null) {
      throw new IllegalStateException("no active key for " + use);
    }
    return key;
  }

  /** Returns the sealer of a kid that a stored value names. */
  Aead sealer(String kid) {
    var sealer = sealers.get(kid);
    if (sealer == null) {
      throw new IllegalStateException("no key " + kid);
    }
    return sealer;
  }

  /** Tells whether a key of this use is there in this state. */
  boolean has(KeyUse use, KeyState state) {
    return byKid.values().stream().anyMatch(key -> key.use() == use && key.state() == state);
  }

  /** Returns every key of this use, in one order everywhere. */
  List<StoredKey> all(KeyUse use) {
    return byKid.values().stream()
        .filter(key -> key.use() == use)
        .sorted(Comparator.comparing(StoredKey::kid))
        .toList();
  }

  Optional<StoredKey> find(String kid) {
    return Optional.ofNullable(byKid.get(kid));
  }

  private static com.nimbusds.jose.jwk.JWK jwk(String kid, RSAPublicKey key) {
    return new RSAKey.Builder(key)
        .keyID(kid)
        .algorithm(JWSAlgorithm.RS256)
        .keyUse(com.nimbusds.jose.jwk.KeyUse.SIGNATURE)
        .build();
  }

  private static RSAPrivateCrtKey privatePart(byte[] pkcs8) {
    try {
      return (RSAPrivateCrtKey)
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a stored signing key is not PKCS#8", e);
    }
  }

  private static RSAPublicKey publicPart(RSAPrivateCrtKey key) {
    try {
      return (RSAPublicKey)
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a stored signing key has no public part", e);
    }
  }
}
