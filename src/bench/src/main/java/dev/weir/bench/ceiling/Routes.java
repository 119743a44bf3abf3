package dev.weir.bench.ceiling;

import dev.weir.bench.fixture.Issuer;

/** The one route file of all gateways. */
final class Routes {
  /** Served to who has a token, without a limit. */
  static final String READY = "/ready/item";

  /** Without Redis nothing passes, so that no share of an instance can add to the count. */
  static final String CLOSED = "closed";

  private Routes() {}

  /**
   * Writes it. The second tier is never the one that refuses; it takes part in every decision.
   *
   * @param onRedisLoss what both limits do without Redis
   */
  static String text(Options options, int upstreamPort, String onRedisLoss) {
    return """
    version: 1
    issuers:
      bench:
        issuer: %s
        jwks: http://127.0.0.1:%d/.well-known/jwks.json
        audience: %s
    limits:
      per-caller: { key: caller, rate: %d/1s, burst: %d, on-redis-loss: %s }
      per-route: { key: route, rate: %d/1s, on-redis-loss: %s }
    upstreams:
      counting:
        endpoints: [http://127.0.0.1:%d]
    routes:
      - id: api
        match: { path: "/api/**" }
        upstream: counting
        auth: { issuer: bench }
        limits: [per-route, per-caller]
      - id: warm
        match: { path: "/warm/**" }
        upstream: counting
        auth: { issuer: bench }
        limits: [per-route, per-caller]
      - { id: ready, match: { path: "/ready/**" }, upstream: counting, auth: { issuer: bench } }
    """
        .formatted(
            Issuer.NAME,
            upstreamPort,
            Issuer.AUDIENCE,
            options.perSecond(),
            options.burst(),
            onRedisLoss,
            10 * options.limit(),
            onRedisLoss,
            upstreamPort);
  }
}
