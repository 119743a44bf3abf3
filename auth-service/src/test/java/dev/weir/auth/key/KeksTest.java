package dev.weir.auth.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeksTest {
  private static final byte[] SECRET = {1, 2, 3};

  private final Kek old = kek(1);
  private final Kek fresh = kek(2);
  private final Keks keks = new Keks(fresh, List.of(old));

  @Test
  void opensUnderTheKeyThatIsNamed() throws GeneralSecurityException {
    assertThat(keks.unwrap(Optional.of(old.id()), old.wrap(SECRET, "f1"), "f1")).isEqualTo(SECRET);
    assertThat(keks.unwrap(Optional.of(fresh.id()), fresh.wrap(SECRET, "f1"), "f1"))
        .isEqualTo(SECRET);
  }

  @Test
  void triesEachForAKeyThatWasStoredBeforeTheyHadIds() throws GeneralSecurityException {
    assertThat(keks.unwrap(Optional.empty(), old.wrap(SECRET, "f1"), "f1")).isEqualTo(SECRET);
  }

  @Test
  void opensNeitherUnderAStrangersKeyNorForAnotherRow() {
    var stranger = kek(3);
    var theirs = stranger.wrap(SECRET, "f1");
    for (var id : List.of(Optional.of(stranger.id()), Optional.<String>empty())) {
      assertThatThrownBy(() -> keks.unwrap(id, theirs, "f1"))
          .isInstanceOf(GeneralSecurityException.class);
    }
    assertThatThrownBy(() -> keks.unwrap(Optional.of(old.id()), old.wrap(SECRET, "f1"), "f2"))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void namesAKeyByItselfAlone() {
    assertThat(kek(1).id()).isEqualTo(old.id()).isNotEqualTo(fresh.id()).matches("kek[0-9a-f]{8}");
  }

  private static Kek kek(int fill) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return new Kek(bytes);
  }
}
