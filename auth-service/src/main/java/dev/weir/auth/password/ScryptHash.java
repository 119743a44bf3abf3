package dev.weir.auth.password;

import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.SCrypt;

/** scrypt, up to 64 MiB; {@code ln} is a logarithm, or as some write it the number itself. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ScryptHash(int n, int r, int p, byte[] salt, byte[] hash) implements ForeignHash {
  static final Pattern FORM =
      Pattern.compile(
          "\\$scrypt\\$ln=(\\d{1,7}),r=(\\d{1,2}),p=(\\d{1,2})\\$([A-Za-z0-9+/.]{0,88})\\$([A-Za-z0-9+/.]{16,88})=*");
  private static final int MAX_BYTES = 64 << 20;
  private static final int MAX_LOGARITHM = 20;

  static Optional<ForeignHash> of(Matcher parts) {
    int ln = Integer.parseInt(parts.group(1));
    int n = ln <= MAX_LOGARITHM ? 1 << ln : ln;
    int r = Integer.parseInt(parts.group(2));
    int p = Integer.parseInt(parts.group(3));
    return ForeignHash.within(
        isWithinBounds(n, r, p),
        new ScryptHash(
            n, r, p, ForeignHash.decode(parts.group(4)), ForeignHash.decode(parts.group(5))));
  }

  static boolean isWithinBounds(int n, int r, int p) {
    return Integer.bitCount(n) == 1
        && n > 1
        && r >= 1
        && p >= 1
        && 128L * n * r <= MAX_BYTES
        && 128L * n * r * p <= 4L * MAX_BYTES;
  }

  static long memory(int n, int r, int p) {
    return 128L * r * (n + p);
  }

  @Override
  public long memory() {
    return memory(n, r, p);
  }

  @Override
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(SCrypt.generate(password, salt, n, r, p, hash.length), hash);
  }
}
