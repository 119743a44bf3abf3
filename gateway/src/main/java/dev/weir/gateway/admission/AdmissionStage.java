package dev.weir.gateway.admission;

import dev.weir.gateway.exchange.Enforcer;
import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Holders;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Priority;
import dev.weir.gateway.route.Route;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Admits a request while its class has room, and sheds it with 503 otherwise. Stands before crypto
 * and Redis because it is the cheapest refusal there is.
 */
public final class AdmissionStage implements Enforcer {
  private static final Verdict[] SHED = shedVerdicts();

  private final AdaptiveLimit limit;
  private final Priority priority;
  private final int upstream;
  private final Counter admitted;
  private final Counter shed;
  private final Runnable release;

  /** Enforces the limit for a route. */
  public AdmissionStage(AdaptiveLimit limit, Route route, MeterRegistry meters) {
    this.limit = limit;
    this.priority = route.priority().usual();
    this.upstream = Holders.guest(route.upstream().name());
    this.admitted = meters.counter(GatewayMetrics.ADMISSION_ADMITTED, "priority", priority.label());
    this.shed = meters.counter(GatewayMetrics.ADMISSION_SHED, "priority", priority.label());
    this.release = limit::release;
  }

  @Override
  public Verdict enforce(Exchange exchange) {
    if (!enter(exchange)) {
      shed.increment();
      limit.noteRefused();
      // One to four seconds, so that the shed do not all come back in the same instant.
      return SHED[ThreadLocalRandom.current().nextInt(SHED.length)];
    }
    admitted.increment();
    return Verdict.PROCEED;
  }

  private boolean enter(Exchange exchange) {
    if (limit.isTight(priority)) {
      return limit.fullHouse().tryEnter(exchange, priority, upstream);
    }
    boolean taken = limit.tryAcquire(priority);
    if (taken) {
      exchange.holdPermit(release);
    }
    return taken;
  }

  private static Verdict[] shedVerdicts() {
    Verdict[] verdicts = new Verdict[4];
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] =
          new Verdict.Refuse(
              Rejection.retryAfter(
                  GatewayError.OVERLOADED,
                  "This gateway works at its limit and sheds requests of this priority.",
                  i + 1L));
    }
    return verdicts;
  }
}
