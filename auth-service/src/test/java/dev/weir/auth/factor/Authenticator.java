package dev.weir.auth.factor;

import java.time.InstantSource;

/** An authenticator as people carry one: fed with a secret, it shows the code of the moment. */
public record Authenticator(String secret, InstantSource clock) {
  private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  public String code() {
    return codeOf(0);
  }

  /** Returns the code of so many steps from now. */
  public String codeOf(int steps) {
    return Totp.code(bytes(), clock.instant().getEpochSecond() / Totp.STEP_SECONDS + steps);
  }

  byte[] bytes() {
    var bytes = new byte[secret.length() * 5 / 8];
    for (int i = 0; i < secret.length() * 5; i++) {
      int value = ALPHABET.indexOf(secret.charAt(i / 5));
      if (i / 8 < bytes.length && ((value >> (4 - i % 5)) & 1) == 1) {
        bytes[i / 8] |= (byte) (0x80 >> i % 8);
      }
    }
    return bytes;
  }
}
