package dev.weir.auth.password;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/** {@code $2a$}, {@code $2b$} and {@code $2y$}, which mean the same since 2011. */
record BcryptHash(String text) implements ForeignHash {
  static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d{2})\\$[./A-Za-z0-9]{53}");
  private static final int MAX_COST = 14;
  private static final int READ = 72;

  static Optional<ForeignHash> of(Matcher parts) {
    int cost = Integer.parseInt(parts.group(1));
    return ForeignHash.within(cost >= 4 && cost <= MAX_COST, new BcryptHash(parts.group()));
  }

  @Override
  public long memory() {
    return 0;
  }

  @Override
  public boolean matches(byte[] password) {
    var read = Arrays.copyOf(password, Math.min(password.length, READ));
    return OpenBSDBCrypt.checkPassword(text, read);
  }
}
