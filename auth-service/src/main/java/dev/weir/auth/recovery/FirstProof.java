package dev.weir.auth.recovery;

import dev.weir.auth.account.Notice;
import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.session.Origin;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Hands an account over to the holder of its address, who has proven for the first time that it is
 * theirs. Whoever registered it may be somebody else, and have waited: with their password, which
 * the reset replaces, with sessions, which it ends, and with factors of their own, which go here.
 * Once an address is proven, a mailed code is no way round a second factor (ASVS 6.4.3).
 */
final class FirstProof {
  private final RecoveryFlow.Services services;

  FirstProof(RecoveryFlow.Services services) {
    this.services = services;
  }

  /**
   * In the caller's transaction, which holds the account's row from here on: a factor that is being
   * added meanwhile is either there already, or finds another epoch and is not.
   */
  Mono<Void> address(UUID userId, Origin origin) {
    return services
        .changes()
        .verify(userId)
        .filter(rows -> rows > 0)
        .delayUntil(
            _ -> services.audit().append(origin.event(AuditAction.ACCOUNT_VERIFIED, userId)))
        .flatMap(_ -> services.factors().removeAll(userId))
        .filter(rows -> rows > 0)
        .delayUntil(_ -> services.audit().append(origin.event(AuditAction.FACTOR_REMOVED, userId)))
        .flatMap(_ -> services.notices().tell(userId, Notice.FACTOR_REMOVED));
  }
}
