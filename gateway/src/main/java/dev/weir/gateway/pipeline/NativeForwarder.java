package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Forwarder;
import dev.weir.gateway.exchange.ServerCall;
import dev.weir.gateway.exchange.UpstreamResponse;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Forwards through Weir's own client and writes the answer as it comes. */
public final class NativeForwarder implements Forwarder {
  private final Function<Exchange, Mono<UpstreamResponse>> upstream;
  private final ResponseWriter writer;

  /** Asks {@code upstream} for the response head, deadline, retries and breaker included. */
  public NativeForwarder(
      Function<Exchange, Mono<UpstreamResponse>> upstream, ResponseWriter writer) {
    this.upstream = upstream;
    this.writer = writer;
  }

  @Override
  public Publisher<Void> forward(Exchange exchange, ServerCall call) {
    return upstream
        .apply(exchange)
        .flatMap(answer -> Mono.from(writer.write(call.response(), exchange, answer)));
  }
}
