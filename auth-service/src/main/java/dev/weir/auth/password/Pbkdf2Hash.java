package dev.weir.auth.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/** PBKDF2 with HMAC over SHA-1, SHA-256 or SHA-512, up to two million rounds in all. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Pbkdf2Hash(String digest, int rounds, byte[] salt, byte[] hash) implements ForeignHash {
  static final Pattern PHC =
      Pattern.compile(
          "\\$pbkdf2-?(|sha1|sha256|sha512)\\$i=(\\d{1,7})(?:,l=\\d{1,3})?\\$([A-Za-z0-9+/.]{0,88})\\$([A-Za-z0-9+/.]{16,172})=*");
  static final Pattern PASSLIB =
      Pattern.compile(
          "\\$pbkdf2-?(|sha1|sha256|sha512)\\$(\\d{1,7})\\$([A-Za-z0-9+/.]{0,88})\\$([A-Za-z0-9+/.]{16,172})");
  static final Pattern DJANGO =
      Pattern.compile(
          "pbkdf2_(sha1|sha256|sha512)\\$(\\d{1,7})\\$([A-Za-z0-9]{1,64})\\$([A-Za-z0-9+/]{16,172})=*");
  private static final int MAX_ROUNDS = 2_000_000;

  static Optional<ForeignHash> of(Matcher parts) {
    return of(parts, ForeignHash.decode(parts.group(3)));
  }

  /** Django's salt is its text. */
  static Optional<ForeignHash> ofDjango(Matcher parts) {
    return of(parts, parts.group(3).getBytes(StandardCharsets.US_ASCII));
  }

  private static Optional<ForeignHash> of(Matcher parts, byte[] salt) {
    var hash = ForeignHash.decode(parts.group(4));
    var read = new Pbkdf2Hash(parts.group(1), Integer.parseInt(parts.group(2)), salt, hash);
    return ForeignHash.within(read.rounds >= 1 && read.work() <= MAX_ROUNDS, read);
  }

  /** A hash longer than its digest is computed piece by piece, each at the full price. */
  private long work() {
    int size =
        switch (digest) {
          case "sha256" -> 32;
          case "sha512" -> 64;
          default -> 20;
        };
    return (long) rounds * ((hash.length + size - 1) / size);
  }

  @Override
  public long memory() {
    return 0;
  }

  @Override
  public boolean matches(byte[] password) {
    var generator =
        new PKCS5S2ParametersGenerator(
            switch (digest) {
              case "sha256" -> SHA256Digest.newInstance();
              case "sha512" -> new SHA512Digest();
              default -> new SHA1Digest();
            });
    generator.init(password, salt, rounds);
    var key = (KeyParameter) generator.generateDerivedMacParameters(hash.length * 8);
    return MessageDigest.isEqual(key.getKey(), hash);
  }
}
