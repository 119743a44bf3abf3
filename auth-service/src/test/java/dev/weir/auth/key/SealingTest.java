package dev.weir.auth.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Compares with AES-GCM as the JDK has it, which wrote the values of earlier releases. */
class SealingTest {
  private static final byte[] KEY =
      "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PLAIN = "mary@example.org".getBytes(StandardCharsets.UTF_8);
  private static final byte[] PLACE = "users.email:7".getBytes(StandardCharsets.UTF_8);

  @Test
  void opensWhatEarlierReleasesSealed() throws GeneralSecurityException {
    var nonce = new byte[12];
    Arrays.fill(nonce, (byte) 3);
    var sealed = jdk(Cipher.ENCRYPT_MODE, nonce).doFinal(PLAIN);
    var stored = ByteBuffer.allocate(12 + sealed.length).put(nonce).put(sealed).array();
    assertThat(Sealing.of(KEY).decrypt(stored, PLACE)).isEqualTo(PLAIN);
  }

  @Test
  void isReadByEarlierReleases() throws GeneralSecurityException {
    var sealed = Sealing.seal(Sealing.of(KEY), PLAIN, PLACE);
    var opened =
        jdk(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, 12)).doFinal(sealed, 12, sealed.length - 12);
    assertThat(opened).isEqualTo(PLAIN);
  }

  @Test
  void noticesEveryChangedByteAndEveryOtherPlace() {
    var sealer = Sealing.of(KEY);
    var sealed = Sealing.seal(sealer, PLAIN, PLACE);
    for (int i = 0; i < sealed.length; i++) {
      var changed = sealed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> sealer.decrypt(changed, PLACE))
          .isInstanceOf(GeneralSecurityException.class);
    }
    assertThatThrownBy(
            () -> sealer.decrypt(sealed, "users.email:8".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> sealer.decrypt(new byte[5], PLACE))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void sealsTheSameTwiceDifferently() {
    var sealer = Sealing.of(KEY);
    assertThat(Sealing.seal(sealer, PLAIN, PLACE)).isNotEqualTo(Sealing.seal(sealer, PLAIN, PLACE));
  }

  private static Cipher jdk(int mode, byte[] nonce) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(KEY, "AES"), new GCMParameterSpec(128, nonce));
    cipher.updateAAD(PLACE);
    return cipher;
  }
}
