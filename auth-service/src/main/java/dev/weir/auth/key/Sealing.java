package dev.weir.auth.key;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.subtle.AesGcmJce;
import com.google.crypto.tink.util.SecretBytes;
import java.security.GeneralSecurityException;

/**
 * AES-256-GCM by Tink: a random nonce, the ciphertext, the tag; what is sealed is bound to its
 * place by associated data. Tink's own key id is left out, because a value here is led by the id of
 * a row in the table of keys. The primitive is made of the key itself and not by Tink's registry,
 * which would load protobuf for keysets that are not kept here.
 */
final class Sealing {
  private static final int KEY_BYTES = 32;

  private Sealing() {}

  /** Makes the sealer of one key; it may be used by any number of threads. */
  @AccessesPartialKey // from the bytes that the table of keys holds
  static Aead of(byte[] key) {
    try {
      return AesGcmJce.create(
          AesGcmKey.builder()
              .setParameters(parameters())
              .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
              .build());
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a key of " + KEY_BYTES + " bytes", e);
    }
  }

  static byte[] seal(Aead sealer, byte[] plain, byte[] place) {
    try {
      return sealer.encrypt(plain, place);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is part of every Java runtime", e);
    }
  }

  private static AesGcmParameters parameters() throws GeneralSecurityException {
    return AesGcmParameters.builder()
        .setKeySizeBytes(KEY_BYTES)
        .setIvSizeBytes(12)
        .setTagSizeBytes(16)
        .setVariant(AesGcmParameters.Variant.NO_PREFIX)
        .build();
  }
}
