package dev.weir.gateway.resilience;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.AttemptTransport;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RequestBody;
import dev.weir.gateway.exchange.UpstreamResponse;
import dev.weir.gateway.route.Endpoint;
import dev.weir.gateway.route.Upstream;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** A transport that answers each attempt as the test said, and remembers what was asked of it. */
final class ScriptedTransport implements AttemptTransport {
  private final Queue<Mono<UpstreamResponse>> answers = new ConcurrentLinkedQueue<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private boolean reading;

  record Call(Endpoint endpoint, Duration timeout) {}

  static Mono<UpstreamResponse> status(int status) {
    return Mono.fromSupplier(
        () ->
            new UpstreamResponse(
                status, new DefaultHttpHeaders(), new UpstreamResponse.Body.Empty()));
  }

  static Mono<UpstreamResponse> failure(AttemptFailure.Kind kind) {
    boolean sent =
        kind != AttemptFailure.Kind.CONNECT_FAILED && kind != AttemptFailure.Kind.POOL_EXHAUSTED;
    return Mono.error(new AttemptFailure(kind, sent, "as the test said"));
  }

  @SafeVarargs
  final ScriptedTransport then(Mono<UpstreamResponse>... next) {
    for (Mono<UpstreamResponse> answer : next) {
      answers.add(answer);
    }
    return this;
  }

  /** Reads each request's body before it answers. */
  ScriptedTransport reading() {
    reading = true;
    return this;
  }

  List<String> bodies() {
    return List.copyOf(bodies);
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  @Override
  public Mono<UpstreamResponse> attempt(
      Exchange exchange, Upstream upstream, Endpoint endpoint, Duration timeout) {
    calls.add(new Call(endpoint, timeout));
    Mono<UpstreamResponse> answer = answers.poll();
    Mono<UpstreamResponse> next = answer == null ? status(200) : answer;
    return reading ? read(exchange.body()).then(next) : next;
  }

  private Mono<Void> read(RequestBody body) {
    return body.content()
        .map(
            bytes -> {
              String text = bytes.toString(StandardCharsets.US_ASCII);
              bytes.release();
              return text;
            })
        .collect(Collectors.joining())
        .doOnNext(bodies::add)
        .then();
  }
}
