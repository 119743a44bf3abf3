package dev.weir.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Checks against hashes that others made: libxcrypt's crypt(3), Python's hashlib, and the vectors
 * of the reference implementation of Argon2.
 */
class ForeignHashTest {
  private static final String SALT_AND_HASH =
      "MDEyMzQ1Njc4OWFiY2RlZg$153OM/mHRnthI3jMPIq2vX+6rY6OZ1WxkUnyZR67JS0";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pässword of old | $2a$05$abcdefghijklmnopqrstuuH8YQC/JJ5DFjNvY.XqnFPFqMkS.rPQS",
        "pässword of old | $2b$05$abcdefghijklmnopqrstuuH8YQC/JJ5DFjNvY.XqnFPFqMkS.rPQS",
        "pässword of old | $2y$05$abcdefghijklmnopqrstuuH8YQC/JJ5DFjNvY.XqnFPFqMkS.rPQS",
        "password | $argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "password | $argon2i$v=19$m=256,t=2,p=2$c29tZXNhbHQ$T/XOJ2mh1/TIpJHfCdQan76Q5esCFVoT5MAeIM1Oq2E",
        "pässword of old | $scrypt$ln=10,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$153OM/mHRnthI3jMPIq2vX+6rY6OZ1WxkUnyZR67JS0",
        "pässword of old | $scrypt$ln=1024,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$153OM/mHRnthI3jMPIq2vX+6rY6OZ1WxkUnyZR67JS0",
        "pässword of old | $pbkdf2$1000$MDEyMzQ1Njc4OWFiY2RlZg$SZQiBUOscv5.Buf4JlUbhFsntj0",
        "pässword of old | $pbkdf2-sha1$i=1000,l=20$MDEyMzQ1Njc4OWFiY2RlZg$SZQiBUOscv5+Buf4JlUbhFsntj0",
        "pässword of old | $pbkdf2-sha256$1000$MDEyMzQ1Njc4OWFiY2RlZg$i5sA4qjLPTAqCtv5DYpwmceSYWCmcULQPi4z2IwdOnA",
        "pässword of old | $pbkdf2-sha256$i=1000,l=32$MDEyMzQ1Njc4OWFiY2RlZg$i5sA4qjLPTAqCtv5DYpwmceSYWCmcULQPi4z2IwdOnA",
        "pässword of old | $pbkdf2-sha512$1000$MDEyMzQ1Njc4OWFiY2RlZg$7OH1NDki4.dfnb0Mr5qa.sZBSYDtZbNrgMl2CFE.Y3F.WwPbN2ik23M4xgitec7FNu5Gp5foYEZmKbt45ywUBQ",
        "pässword of old | pbkdf2_sha256$1000$saltsalt$U/e7njNWa8fQWV5CnzhWBaQo1ruQ4Cdg6KDN+qs5KTg="
      })
  void knowsThePasswordAndNoOther(String password, String hash) {
    assertThat(matches(hash, password)).isTrue();
    assertThat(matches(hash, password + "x")).isFalse();
    assertThat(matches(hash, "Password of old")).isFalse();
  }

  /** The example of Firebase's own tool: its parameters are of no project. */
  @Test
  void knowsAPasswordByTheHashOfFirebase() {
    var hash =
        firebase(
            "14",
            "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==");
    assertThat(matches(hash, "user1password")).isTrue();
    assertThat(matches(hash, "user1Password")).isFalse();
    assertThat(memory(hash)).isEqualTo((16 << 20) + 1024);
    assertThat(StoredHash.imported(firebase("17", "lSrfV15cpx95/sZS2W9c9A==")))
        .as("too large, and another length than the signer's")
        .isEmpty();
    assertThat(StoredHash.imported(hash.replace("ln=14", "ln=17"))).as("too large").isEmpty();
  }

  private static String firebase(String ln, String hash) {
    return "$firescrypt$ln="
        + ln
        + ",r=8,p=1$42xEC+ixf3L2lw==$"
        + hash
        + "$Bw==$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
  }

  /** As libxcrypt does, so that nobody is locked out; the first login ends it. */
  @Test
  void readsSeventyTwoBytesWhereTheHashIsBcrypt() {
    var hash = "$2b$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q";
    assertThat(matches(hash, "x".repeat(72))).isTrue();
    assertThat(matches(hash, "x".repeat(80))).isTrue();
    assertThat(matches(hash, "x".repeat(71))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$2b$15$abcdefghijklmnopqrstuuH8YQC/JJ5DFjNvY.XqnFPFqMkS.rPQS",
        "$2b$03$abcdefghijklmnopqrstuuH8YQC/JJ5DFjNvY.XqnFPFqMkS.rPQS",
        "$argon2id$v=19$m=131073,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "$argon2id$v=19$m=4096,t=11,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "$argon2id$v=19$m=4096,t=2,p=9$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "$scrypt$ln=17,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$153OM/mHRnthI3jMPIq2vX+6rY6OZ1WxkUnyZR67JS0",
        "$scrypt$ln=1000,r=8,p=1$MDEyMzQ1Njc4OWFiY2RlZg$153OM/mHRnthI3jMPIq2vX+6rY6OZ1WxkUnyZR67JS0",
        "$pbkdf2-sha256$2000001$MDEyMzQ1Njc4OWFiY2RlZg$i5sA4qjLPTAqCtv5DYpwmceSYWCmcULQPi4z2IwdOnA",
        "$pbkdf2-sha1$1100000$MDEyMzQ1Njc4OWFiY2RlZg$i5sA4qjLPTAqCtv5DYpwmceSYWCmcULQPi4z2IwdOnA"
      })
  void refusesWhatWouldCostTooMuch(String hash) {
    assertThat(StoredHash.imported(hash)).isEmpty();
  }

  @Test
  void tellsWhatACheckTakesOfTheHeap() {
    assertThat(memory("$scrypt$ln=16,r=8,p=1$" + SALT_AND_HASH)).isEqualTo((64 << 20) + 1024);
    assertThat(memory("$argon2id$v=19$m=131072,t=2,p=1$" + SALT_AND_HASH))
        .isEqualTo(ForeignHash.MOST_MEMORY);
    assertThat(memory("$pbkdf2-sha1$i=1000,l=20$" + SALT_AND_HASH)).isZero();
  }

  private static long memory(String hash) {
    return ForeignHash.parse(hash).orElseThrow().memory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
        "$2x$05$abcdefghijklmnopqrstuuH8YQC/JJ5DFjNvY.XqnFPFqMkS.rPQS",
        "$2b$05$tooshort",
        "$argon2id$v=18$m=4096,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
        "$pbkdf2-md5$1000$MDEyMzQ1Njc4OWFiY2RlZg$i5sA4qjLPTAqCtv5DYpwmceSYWCmcULQPi4z2IwdOnA",
        "$scrypt$ln=10,r=8,p=1$M$153OM/mHRnthI3jMPIq2vX+6rY6OZ1WxkUnyZR67JS0"
      })
  void refusesWhatIsOfNoKnownKind(String hash) {
    assertThat(StoredHash.imported(hash)).isEmpty();
  }

  private static boolean matches(String hash, String password) {
    return ForeignHash.parse(hash).orElseThrow().matches(password);
  }
}
