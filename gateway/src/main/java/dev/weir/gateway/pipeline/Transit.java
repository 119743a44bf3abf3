package dev.weir.gateway.pipeline;

import dev.weir.gateway.exchange.AttemptFailure;
import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.RefusedException;
import dev.weir.gateway.exchange.ServerCall;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import io.netty.channel.EventLoop;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.HttpOperations;

/**
 * One request on its way down the line of its route: the stage loop and the problem boundary.
 *
 * <p><b>What runs per request.</b> A plain loop over an array. A stage answers at once in the usual
 * case; only where one has to wait does an operator come in, after which the loop goes on at the
 * next stage, on the same event loop.
 */
final class Transit {
  private static final Logger LOG = LoggerFactory.getLogger(Transit.class);
  private static final Rejection INTERNAL =
      Rejection.of(GatewayError.INTERNAL, "The gateway failed; the request id leads to the log.");

  private final Exchange exchange;
  private final RoutePlan plan;
  private final ServerCall call;
  private final ResponseWriter writer;

  Transit(Exchange exchange, RoutePlan plan, ServerCall call, ResponseWriter writer) {
    this.exchange = exchange;
    this.plan = plan;
    this.call = call;
    this.writer = writer;
  }

  Mono<Void> run() {
    return Mono.from(runSafely(0)).onErrorResume(this::boundary);
  }

  private Publisher<Void> runSafely(int from) {
    try {
      return enforce(from);
    } catch (RuntimeException e) {
      // A stage that throws has a defect; the client gets a problem all the same.
      return Mono.error(e);
    }
  }

  private Publisher<Void> enforce(int from) {
    Enforcer[] enforcers = plan.enforcers();
    for (int i = from; i < enforcers.length; i++) {
      Verdict verdict = enforcers[i].enforce(exchange);
      if (verdict instanceof Verdict.Proceed) {
        continue;
      }
      return conclude(verdict, i);
    }
    return plan.forwarder().forward(exchange, call);
  }

  private Publisher<Void> conclude(Verdict verdict, int at) {
    return switch (verdict) {
      case Verdict.Proceed() -> runSafely(at + 1);
      case Verdict.Refuse(Rejection rejection) ->
          writer.problem(call.response(), exchange, rejection);
      case Verdict.Await(Mono<Verdict> later) -> resume(later, at);
    };
  }

  private Publisher<Void> resume(Mono<Verdict> later, int at) {
    EventLoop loop = exchange.eventLoop();
    return new EventLoopHop<>(later, loop).flatMap(verdict -> Mono.from(conclude(verdict, at)));
  }

  private Mono<Void> boundary(Throwable error) {
    if (exchange.status() != 0) {
      // The head is out: all that can be said is that the body ends early. The server closes on
      // error.
      exchange.noteRefusal(causeOf(error));
      return Mono.error(error);
    }
    if (((HttpOperations<?, ?>) call.response()).hasSentHeaders()) {
      // The server itself has answered 400, as the rest of the request was not HTTP.
      exchange.noteRefusal(GatewayError.BAD_REQUEST);
      exchange.noteStatus(GatewayError.BAD_REQUEST.status());
      return Mono.empty();
    }
    if (error instanceof RefusedException refused) {
      return Mono.from(writer.problem(call.response(), exchange, refused.rejection()));
    }
    if (error instanceof AbortedException) {
      exchange.noteRefusal(GatewayError.CLIENT_ABORTED);
      return Mono.error(error);
    }
    LOG.atError()
        .addKeyValue("request_id", exchange.head().requestId())
        .setCause(error)
        .log("request failed inside the gateway");
    return Mono.from(writer.problem(call.response(), exchange, INTERNAL));
  }

  /** Tells why an answer that had begun ended early. */
  private static GatewayError causeOf(Throwable error) {
    return switch (error) {
      case AbortedException _ -> GatewayError.CLIENT_ABORTED;
      case RefusedException refused -> refused.rejection().error();
      case AttemptFailure failure ->
          switch (failure.kind()) {
            case TIMEOUT -> GatewayError.DEADLINE_EXCEEDED;
            case PROTOCOL -> GatewayError.UPSTREAM_PROTOCOL;
            case REQUEST_ABORTED -> GatewayError.CLIENT_ABORTED;
            case CONNECT_FAILED, POOL_EXHAUSTED, RESET -> GatewayError.UPSTREAM_RESET;
          };
      default -> GatewayError.UPSTREAM_RESET;
    };
  }
}
