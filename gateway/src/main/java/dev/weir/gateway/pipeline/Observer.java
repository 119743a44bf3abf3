package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.LoopCounts;
import dev.weir.gateway.exchange.RequestHead;
import dev.weir.gateway.ingress.Inbound.Protocol;
import dev.weir.gateway.observe.AccessLog;
import dev.weir.gateway.observe.AccessRecord;
import dev.weir.gateway.observe.RequestMeters;
import dev.weir.gateway.problem.GatewayError;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/**
 * The outermost stage: sees every outcome of every request, and is the one place where a request
 * ends.
 */
public final class Observer implements AutoCloseable {
  private static final int CLIENT_CLOSED = 499;
  private static final int NO_ROUTE = -1;

  private final Optional<AccessLog> accessLog;
  // Written by every event loop for every request, read only while draining.
  private final LongAdder open = new LongAdder();
  private volatile boolean draining;
  private volatile boolean abandoning;

  /** Writes to this log, if any. */
  public Observer(Optional<AccessLog> accessLog) {
    this.accessLog = accessLog;
  }

  Mono<Void> observe(
      Generation generation, Protocol protocol, Exchange exchange, Mono<Void> answer) {
    open.increment();
    return answer.doFinally(signal -> finish(generation, protocol, exchange, signal));
  }

  /** Returns the requests that have begun and not ended. */
  public int openRequests() {
    return open.intValue();
  }

  /** From now on every response asks its client to open a new connection, elsewhere. */
  public void startDraining() {
    draining = true;
  }

  /** From now on a request that is cut off is so by this instance, not by its client. */
  public void abandonRest() {
    abandoning = true;
  }

  boolean isDraining() {
    return draining;
  }

  /** Writes out what the access log still holds. */
  @Override
  public void close() {
    accessLog.ifPresent(AccessLog::close);
  }

  private void finish(
      Generation generation, Protocol protocol, Exchange exchange, SignalType signal) {
    open.decrement();
    exchange.complete();
    if (signal == SignalType.CANCEL && exchange.refusal().isEmpty()) {
      exchange.noteRefusal(GatewayError.CLIENT_ABORTED);
    }
    if (abandoning && isAborted(exchange)) {
      exchange.noteRefusal(GatewayError.DRAINING);
    }
    record(generation, protocol, exchange);
  }

  /**
   * Counts and logs a request that the server refused before it was one. It has no exchange: its
   * channel may be closed and off its event loop by now.
   */
  void noteUnreadable(Generation generation, Protocol protocol, RequestHead head, int status) {
    generation.meters().recordDuration(LoopCounts.own(), NO_ROUTE, status, 0);
    generation.meters().countRefusal(NO_ROUTE, GatewayError.BAD_REQUEST);
    accessLog.ifPresent(log -> log.log(unreadable(generation, protocol, head, status)));
  }

  private void record(Generation generation, Protocol protocol, Exchange exchange) {
    long nanos = System.nanoTime() - exchange.startedNanos();
    int status = isAborted(exchange) ? CLIENT_CLOSED : exchange.status();
    RequestMeters meters = generation.meters();
    meters.recordDuration(
        LoopCounts.own(), exchange.routeIndex(), outcome(exchange, status), nanos);
    exchange.refusal().ifPresent(error -> meters.countRefusal(exchange.routeIndex(), error));
    accessLog.ifPresent(log -> log.log(entry(generation, protocol, exchange, status, nanos)));
  }

  private static boolean isAborted(Exchange exchange) {
    return exchange.refusal().filter(GatewayError.CLIENT_ABORTED::equals).isPresent();
  }

  /** An answer that was cut off after its head failed, whatever that head said. */
  private static int outcome(Exchange exchange, int status) {
    return exchange.refusal().map(GatewayError::status).filter(code -> code >= 500).orElse(status);
  }

  private static AccessRecord unreadable(
      Generation generation, Protocol protocol, RequestHead head, int status) {
    return new AccessRecord(
        System.currentTimeMillis(),
        head.requestId(),
        head.clientAddress(),
        protocol.text(),
        head.method().name(),
        head.host(),
        head.path(),
        RequestMeters.UNMATCHED,
        status,
        GatewayError.BAD_REQUEST.code(),
        GatewayError.BAD_REQUEST.fault().label(),
        "",
        "",
        0,
        "",
        0,
        0,
        generation.number());
  }

  private static AccessRecord entry(
      Generation generation, Protocol protocol, Exchange exchange, int status, long nanos) {
    RequestHead head = exchange.head();
    Optional<GatewayError> refusal = exchange.refusal();
    return new AccessRecord(
        System.currentTimeMillis(),
        head.requestId(),
        head.clientAddress(),
        protocol.text(),
        head.method().name(),
        head.host(),
        head.path(),
        exchange.routeIndex() < 0 ? RequestMeters.UNMATCHED : exchange.route().id(),
        status,
        refusal.map(GatewayError::code).orElse(""),
        refusal.map(error -> error.fault().label()).orElse(""),
        exchange.caller().subject(),
        exchange.endpoint(),
        exchange.attempts(),
        exchange.fallback(),
        exchange.bytesSent(),
        nanos,
        generation.number());
  }
}
