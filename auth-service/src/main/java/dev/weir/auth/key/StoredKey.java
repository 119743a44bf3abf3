package dev.weir.auth.key;

import java.time.Instant;

/** One key with its secret part opened: PKCS#8 for a signing key, raw bytes else. */
@SuppressWarnings("ArrayRecordComponent") // never compared, copied on the way in and out
record StoredKey(String kid, KeyUse use, KeyState state, byte[] secret, Instant stateSince) {
  StoredKey {
    secret = secret.clone();
  }

  @Override
  public byte[] secret() {
    return secret.clone();
  }

  /** Leaves the secret out: records print their components, and this one may end up in a log. */
  @Override
  public String toString() {
    return "StoredKey[" + kid + ", " + use + ", " + state + "]";
  }
}
