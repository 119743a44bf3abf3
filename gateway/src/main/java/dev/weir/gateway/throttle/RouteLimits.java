package dev.weir.gateway.throttle;

import dev.weir.gateway.exchange.Exchange;
import dev.weir.gateway.exchange.Verdict;
import dev.weir.gateway.problem.GatewayError;
import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Limit;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * Some limits of one route, with everything about them that does not depend on the request: names
 * of buckets, shapes, weights, counters, the policy field. Says what the states of a request's
 * buckets mean.
 */
final class RouteLimits {
  private final List<Limit> limits;
  private final List<BucketKey> keys;
  private final List<BucketShape> shapes;
  private final Weights weights;
  private final List<LimitMeters> meters;
  private final RateLimitFields fields;
  private final ReportedCosts reports;

  private RouteLimits(List<Limit> limits, List<BucketShape> shapes, MeterRegistry registry) {
    this.limits = List.copyOf(limits);
    this.keys = limits.stream().map(BucketKey::of).toList();
    this.shapes = shapes;
    this.weights = new Weights(limits);
    this.meters = limits.stream().map(limit -> new LimitMeters(limit, registry)).toList();
    this.fields = new RateLimitFields(limits);
    this.reports = new ReportedCosts(limits, registry);
  }

  /** The limits at their full rate. */
  static RouteLimits whole(List<Limit> limits, MeterRegistry registry) {
    return new RouteLimits(limits, limits.stream().map(BucketShape::of).toList(), registry);
  }

  /** One instance's share of the limits. */
  static RouteLimits share(List<Limit> limits, int instances, MeterRegistry registry) {
    return new RouteLimits(
        limits,
        limits.stream().map(limit -> BucketShape.share(limit, instances)).toList(),
        registry);
  }

  boolean isEmpty() {
    return limits.isEmpty();
  }

  List<Tier> tiers(Exchange exchange) {
    List<Tier> tiers = new ArrayList<>(keys.size());
    for (int i = 0; i < keys.size(); i++) {
      tiers.add(keys.get(i).tier(exchange, shapes.get(i)));
    }
    return tiers;
  }

  /** Returns what this request takes of each bucket; not to be written to. */
  int[] weights(Exchange exchange) {
    return weights.of(exchange);
  }

  /** Returns what upstreams report of these limits. */
  ReportedCosts reports() {
    return reports;
  }

  /** Counts and answers: on with the RateLimit fields for the response, or 429. */
  Verdict settle(Exchange exchange, List<TierState> states) {
    int worst = count(states);
    if (worst < 0) {
      exchange.addResponseHeader(RateLimitFields.POLICY, fields.policy());
      exchange.addResponseHeader(
          RateLimitFields.STATE, fields.state(states, RateLimitFields.Shown.ALL));
      for (Rejection.Header field : fields.legacy(states)) {
        exchange.addResponseHeader(field.name(), field.value());
      }
      return Verdict.PROCEED;
    }
    return new Verdict.Refuse(refusal(states, worst));
  }

  /** Like {@link #settle}, but speaks only where it refuses: another stage counts what passes. */
  Verdict guard(TierState state) {
    if (state.allowed()) {
      return Verdict.PROCEED;
    }
    meters.getFirst().decided(false);
    return new Verdict.Refuse(refusal(List.of(state), 0));
  }

  /** Counts, and says nothing. */
  void note(List<TierState> states) {
    for (int i = 0; i < states.size(); i++) {
      meters.get(i).decided(states.get(i).allowed());
    }
  }

  void countFallbacks() {
    for (LimitMeters meter : meters) {
      meter.fellBack();
    }
  }

  /** Returns the place of the refusal with the longest wait, or -1. */
  private int count(List<TierState> states) {
    int worst = -1;
    for (int i = 0; i < states.size(); i++) {
      TierState state = states.get(i);
      meters.get(i).decided(state.allowed());
      if (!state.allowed() && (worst < 0 || state.waitMillis() > states.get(worst).waitMillis())) {
        worst = i;
      }
    }
    return worst;
  }

  private Rejection refusal(List<TierState> states, int worst) {
    long seconds = states.get(worst).waitSeconds();
    String detail =
        "The limit " + limits.get(worst).name() + " is used up; try again in " + seconds + " s";
    List<Rejection.Header> headers = new ArrayList<>(6);
    headers.add(new Rejection.Header("Retry-After", Long.toString(seconds)));
    headers.add(new Rejection.Header(RateLimitFields.POLICY, fields.policy()));
    headers.add(
        new Rejection.Header(
            RateLimitFields.STATE, fields.state(states, RateLimitFields.Shown.REFUSED)));
    headers.addAll(fields.legacy(states));
    return new Rejection(GatewayError.THROTTLED, detail, headers);
  }
}
