package dev.weir.auth.key;

import reactor.core.publisher.Mono;

/** Values that rest under keys of one use: what has to be renewed before an old key may go. */
public interface Renewal {
  KeyUse use();

  /**
   * Brings what it can under the active key, and returns how many values it met under another one.
   */
  Mono<Long> renew();

  /** Deletes what is kept under keys that have retired, where a value is kept under each. */
  default Mono<Long> clear() {
    return Mono.just(0L);
  }
}
