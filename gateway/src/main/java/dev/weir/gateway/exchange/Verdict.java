package dev.weir.gateway.exchange;

import dev.weir.gateway.problem.Rejection;
import reactor.core.publisher.Mono;

/** What an enforcer says of a request. */
public sealed interface Verdict {

  /** The request goes on to the next stage. */
  Verdict PROCEED = new Proceed();

  /** Goes on; use {@link #PROCEED}. */
  record Proceed() implements Verdict {}

  /** The request ends here. */
  record Refuse(Rejection rejection) implements Verdict {}

  /**
   * The enforcer has to wait. The publisher answers once with anything but another {@code Await},
   * may do so on any thread (the pipeline goes on on the request's own event loop), and bounds its
   * own wait.
   */
  record Await(Mono<Verdict> verdict) implements Verdict {}
}
