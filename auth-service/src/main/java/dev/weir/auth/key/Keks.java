package dev.weir.auth.key;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The key-encryption keys of the deployment: the one under which keys are stored, and others that
 * may still, or already, open some. A change of the first goes through a time in which every
 * instance knows both.
 */
public record Keks(Kek current, List<Kek> others) {
  public Keks {
    others = List.copyOf(others);
  }

  /**
   * Opens a stored key; one that was stored before key-encryption keys had ids may be anybody's.
   */
  byte[] unwrap(Optional<String> kekId, byte[] wrapped, String kid)
      throws GeneralSecurityException {
    var candidates =
        Stream.concat(Stream.of(current), others.stream())
            .filter(kek -> kekId.isEmpty() || kekId.get().equals(kek.id()))
            .toList();
    for (var kek : candidates) {
      try {
        return kek.unwrap(wrapped, kid);
      } catch (GeneralSecurityException e) {
        if (kek.equals(candidates.getLast())) {
          throw e;
        }
      }
    }
    throw new GeneralSecurityException("no key-encryption key " + kekId.orElse("at all"));
  }
}
