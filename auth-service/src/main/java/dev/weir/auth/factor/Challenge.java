package dev.weir.auth.factor;

import java.util.Optional;
import java.util.UUID;

/**
 * What a second factor is owed for: a login that is not done yet, or a session that asks for more.
 *
 * @param carried what the opener wants back when it is met, sealed while it waits
 */
public record Challenge(UUID userId, long epoch, Optional<UUID> session, String carried) {
  @Override
  public String toString() {
    return "Challenge[" + userId + "]";
  }
}
