package dev.weir.drills.stand;

import dev.weir.bench.fixture.Issuer;

/** The one route file of the drills: enough of each policy that breaking its store shows. */
final class Routes {
  /** Answers whoever has a token, without a limit. */
  static final String READY = "/free/item";

  private Routes() {}

  /** Writes it for upstreams on these ports. */
  static String text(Ports ports) {
    return """
    version: 1
    issuers:
      drill:
        issuer: %s
        jwks: http://127.0.0.1:%d/.well-known/jwks.json
        audience: %s
        clock-skew: 30s
    limits:
      local: { key: caller, rate: 10000/1s, on-redis-loss: local }
      open: { key: caller, rate: 10000/1s, on-redis-loss: open }
      closed: { key: caller, rate: 10000/1s, on-redis-loss: closed }
      hundred: { key: caller, rate: 100/1s, on-redis-loss: local }
    upstreams:
      orders:
        endpoints: [http://127.0.0.1:%d, http://127.0.0.1:%d]
        connect-timeout: 250ms
        breaker: { failure-ratio: 0.5, window: 20, minimum-calls: 10, open-for: 2s }
      catalogue:
        endpoints: [http://127.0.0.1:%d]
    routes:
      - id: free
        match: { path: /free/** }
        upstream: catalogue
        auth: { issuer: drill }
      - id: orders
        match: { path: /orders/** }
        upstream: orders
        auth: { issuer: drill }
        limits: [local]
        deadline: 2s
        attempt-timeout: 1s
        retry: { attempts: 2, on: [connect, reset, 502, 503, 504] }
    """
            .formatted(
                Issuer.NAME,
                ports.keys(),
                Issuer.AUDIENCE,
                ports.ordersA(),
                ports.ordersB(),
                ports.catalogue())
        + limited("local")
        + limited("open")
        + limited("closed")
        + limited("hundred")
        + classed("critical")
        + classed("normal")
        + classed("low");
  }

  private static String limited(String limit) {
    return """
      - id: limit-%1$s
        match: { path: /limit/%1$s/** }
        upstream: catalogue
        auth: { issuer: drill }
        limits: [%1$s]
    """
        .formatted(limit);
  }

  private static String classed(String priority) {
    return """
      - id: class-%1$s
        match: { path: /api/%1$s/** }
        upstream: catalogue
        auth: none
        priority: %1$s
        deadline: 5s
    """
        .formatted(priority);
  }

  /** Where upstreams and keys are. */
  record Ports(int keys, int ordersA, int ordersB, int catalogue) {}
}
