package dev.weir.auth.key;

import java.security.interfaces.RSAPrivateKey;

/** The key that signs access tokens now, with the id that verifiers look it up by. */
public record SigningKey(String kid, RSAPrivateKey key) {
  /** Leaves the key out of logs. */
  @Override
  public String toString() {
    return "SigningKey[" + kid + "]";
  }
}
