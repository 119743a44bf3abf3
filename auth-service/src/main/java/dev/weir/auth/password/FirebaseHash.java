package dev.weir.auth.password;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * scrypt as Firebase Authentication has it: what scrypt makes of the password is the AES key under
 * which the project's own signer key is stored for each account. An export gives separator and
 * signer key once for the project; here they stand in every hash.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FirebaseHash(int n, int r, int p, byte[] salt, byte[] hash, byte[] signer)
    implements ForeignHash {
  static final Pattern FORM =
      Pattern.compile(
          "\\$firescrypt\\$ln=(\\d{1,2}),r=(\\d{1,2}),p=(\\d{1,2})\\$([A-Za-z0-9+/]{0,88}=*)\\$([A-Za-z0-9+/]{16,172}=*)"
              + "\\$([A-Za-z0-9+/]{0,24}=*)\\$([A-Za-z0-9+/]{16,172}=*)");
  private static final int KEY_BYTES = 32;
  private static final int IV_BYTES = 16;
  private static final int MAX_LOGARITHM = 20;

  static Optional<ForeignHash> of(Matcher parts) {
    int ln = Integer.parseInt(parts.group(1));
    int r = Integer.parseInt(parts.group(2));
    int p = Integer.parseInt(parts.group(3));
    var hash = ForeignHash.decode(parts.group(5));
    var signer = ForeignHash.decode(parts.group(7));
    if (ln < 1 || ln > MAX_LOGARITHM || hash.length != signer.length) {
      return Optional.empty();
    }
    var salt = joined(ForeignHash.decode(parts.group(4)), ForeignHash.decode(parts.group(6)));
    return ForeignHash.within(
        ScryptHash.isWithinBounds(1 << ln, r, p),
        new FirebaseHash(1 << ln, r, p, salt, hash, signer));
  }

  private static byte[] joined(byte[] salt, byte[] separator) {
    var both = Arrays.copyOf(salt, salt.length + separator.length);
    System.arraycopy(separator, 0, both, salt.length, separator.length);
    return both;
  }

  @Override
  public long memory() {
    return ScryptHash.memory(n, r, p);
  }

  @Override
  public boolean matches(byte[] password) {
    return MessageDigest.isEqual(sealed(SCrypt.generate(password, salt, n, r, p, KEY_BYTES)), hash);
  }

  private byte[] sealed(byte[] key) {
    try {
      var cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new IvParameterSpec(new byte[IV_BYTES]));
      return cipher.doFinal(signer);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
