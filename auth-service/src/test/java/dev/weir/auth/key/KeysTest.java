package dev.weir.auth.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {
  private static final byte[] PART = "event".getBytes(StandardCharsets.US_ASCII);

  @Test
  void takesNoDigestUnderAKeyOfAnotherUse() throws GeneralSecurityException {
    var keys = new Keys(ring());
    var own = keys.tag(KeyUse.AUDIT, PART);
    assertThat(keys.matches(KeyUse.AUDIT, own.kid(), own.bytes(), PART)).isTrue();
    var leaked = keys.tag(KeyUse.CSRF, PART);
    assertThat(keys.matches(KeyUse.AUDIT, leaked.kid(), leaked.bytes(), PART)).isFalse();
  }

  @Test
  void knowsByItsIdWhatAKeyWasMadeFor() {
    for (var use : KeyUse.values()) {
      var kid = use.letter() + "0011223344556677";
      assertThat(Arrays.stream(KeyUse.values()).filter(each -> each.isOf(kid)))
          .containsExactly(use);
    }
  }

  private static KeyRing ring() throws GeneralSecurityException {
    return new KeyRing(List.of(key(KeyUse.SIGN), key(KeyUse.CSRF), key(KeyUse.AUDIT)));
  }

  private static StoredKey key(KeyUse use) throws GeneralSecurityException {
    var kid = use.letter() + "1";
    return new StoredKey(kid, use, KeyState.ACTIVE, KeySecret.fresh(use), Instant.EPOCH);
  }
}
