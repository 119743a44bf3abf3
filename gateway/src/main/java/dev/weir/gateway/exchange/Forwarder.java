package dev.weir.gateway.exchange;

import org.reactivestreams.Publisher;

/** The end of a route's line: takes the request to its upstream and the answer to the client. */
@FunctionalInterface
public interface Forwarder {

  /**
   * Forwards. The publisher completes when the answer's last byte is written; it fails with a
   * {@link RefusedException} where nothing was written yet and a problem can be answered.
   */
  Publisher<Void> forward(Exchange exchange, ServerCall call);
}
