package dev.weir.drills.drill;

import dev.weir.bench.fixture.Issuer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;

/**
 * Tokens that are signed anew each second, so that their times keep their distance from now. Asked
 * by the clients' event loop alone.
 */
final class MintedTokens {
  private final Issuer issuer;
  private final String subject;
  private String last = "";
  private long lastSecond;
  private Duration lastFrom = Duration.ZERO;

  MintedTokens(Issuer issuer, String subject) {
    this.issuer = issuer;
    this.subject = subject;
  }

  /** A token issued at the one time from now and good until the other. */
  String issued(Duration from, Duration to) {
    var now = Instant.now();
    if (last.isEmpty() || now.getEpochSecond() != lastSecond || !from.equals(lastFrom)) {
      last = sign(now.plus(from), now.plus(to));
      lastSecond = now.getEpochSecond();
      lastFrom = from;
    }
    return last;
  }

  private String sign(Instant from, Instant to) {
    try {
      return issuer.token(subject, from, to);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that signed before signs no more", e);
    }
  }
}
