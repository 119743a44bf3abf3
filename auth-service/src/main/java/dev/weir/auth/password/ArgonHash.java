package dev.weir.auth.password;

import java.security.MessageDigest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2 of any type and version, up to 128 MiB. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ArgonHash(Argon2Parameters parameters, byte[] hash) implements ForeignHash {
  static final Pattern FORM =
      Pattern.compile(
          "\\$argon2(id|i|d)(?:\\$v=(16|19))?\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{10,88})\\$([A-Za-z0-9+/]{16,88})");
  private static final int MAX_KIB = (int) (MOST_MEMORY >> 10);

  static Optional<ForeignHash> of(Matcher parts) {
    int kib = Integer.parseInt(parts.group(3));
    int passes = Integer.parseInt(parts.group(4));
    int lanes = Integer.parseInt(parts.group(5));
    boolean bounds =
        lanes >= 1
            && lanes <= 8
            && kib >= 8 * lanes
            && kib <= MAX_KIB
            && passes >= 1
            && passes <= 10;
    if (!bounds) {
      return Optional.empty();
    }
    var parameters =
        new Argon2Parameters.Builder(type(parts.group(1)))
            .withVersion(
                "19".equals(parts.group(2))
                    ? Argon2Parameters.ARGON2_VERSION_13
                    : Argon2Parameters.ARGON2_VERSION_10)
            .withMemoryAsKB(kib)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(ForeignHash.decode(parts.group(6)))
            .build();
    return Optional.of(new ArgonHash(parameters, ForeignHash.decode(parts.group(7))));
  }

  private static int type(String name) {
    return switch (name) {
      case "i" -> Argon2Parameters.ARGON2_i;
      case "d" -> Argon2Parameters.ARGON2_d;
      default -> Argon2Parameters.ARGON2_id;
    };
  }

  @Override
  public long memory() {
    return 1024L * parameters.getMemory();
  }

  @Override
  public boolean matches(byte[] password) {
    var generator = new Argon2BytesGenerator();
    generator.init(parameters);
    var computed = new byte[hash.length];
    generator.generateBytes(password, computed);
    return MessageDigest.isEqual(computed, hash);
  }
}
