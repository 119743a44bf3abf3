package dev.weir.gateway.exchange;

import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Upstream;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Sends a request to one endpoint once. */
public interface AttemptTransport {

  /**
   * Sends the exchange's head and body and answers with the response head, on the exchange's event
   * loop. Fails with an {@link AttemptFailure}. Cancelling before the head arrives closes the
   * connection.
   *
   * @param timeout bound on connecting, waiting for a pooled connection and the response head
   *     together
   */
  Mono<UpstreamResponse> attempt(
      Exchange exchange, Upstream upstream, Endpoint endpoint, Duration timeout);
}
