package dev.weir.auth.session;

import reactor.core.publisher.Mono;

/** Tells every gateway what is revoked; completes once the broker has acknowledged it. */
public interface RevocationFeed {
  Mono<Void> publish(Revocation revocation);
}
