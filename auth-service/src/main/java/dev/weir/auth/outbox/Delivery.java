package dev.weir.auth.outbox;

import reactor.core.publisher.Mono;

/**
 * Carries out the messages of one topic; completes when the effect is certain, fails when it must
 * be tried again.
 */
public interface Delivery {
  Topic topic();

  Mono<Void> deliver(Message message);
}
