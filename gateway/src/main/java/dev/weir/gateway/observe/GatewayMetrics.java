package dev.weir.gateway.observe;

/**
 * The names of all meters of the gateway, in one place: dashboards and alerts depend on them. Tag
 * values come from enums, route ids, limit names and configured endpoints, never from a request.
 */
public final class GatewayMetrics {

  /** Timer {route, outcome}: from the head's arrival to the last byte of the answer. */
  public static final String REQUEST_DURATION = "weir.request.duration";

  /** Counter {route, code, fault}. */
  public static final String REFUSALS = "weir.refusals";

  /** Gauge: requests between admission and their end. */
  public static final String INFLIGHT_REQUESTS = "weir.inflight.requests";

  /** Gauge {priority}: concurrent requests admitted at most. */
  public static final String ADMISSION_LIMIT = "weir.admission.limit";

  /** Counter {priority}. */
  public static final String ADMISSION_ADMITTED = "weir.admission.admitted";

  /** Counter {priority}. */
  public static final String ADMISSION_SHED = "weir.admission.shed";

  /**
   * Gauge {signal}: 0 is ample, 1 as much as may be, of loop lag, heap, direct memory, connections.
   */
  public static final String ADMISSION_PRESSURE = "weir.admission.pressure";

  /** Gauge {signal}: 1 for the signal that presses most. */
  public static final String ADMISSION_BINDING = "weir.admission.binding";

  /** Gauge, seconds: how late a due task runs on an event loop. */
  public static final String EVENT_LOOP_LAG = "weir.event.loop.lag";

  /**
   * Counter {limit, outcome}: allowed or refused; of a limit in shadow mode with shadow_ before.
   */
  public static final String THROTTLE_DECISIONS = "weir.throttle.decisions";

  /** Counter {limit, mode}: decisions taken without Redis. */
  public static final String THROTTLE_FALLBACK = "weir.throttle.fallback";

  /** Counter {outcome}, tokens drawn ahead: leased, returned or expired. */
  public static final String THROTTLE_LEASE_TOKENS = "weir.throttle.lease.tokens";

  /** Counter: limit, outcome (read, absent, unreadable). What answers say that a request cost. */
  public static final String THROTTLE_COST_REPORTS = "weir.throttle.cost.reports";

  /** Gauge: 1 while the breaker around Redis is closed. */
  public static final String REDIS_UP = "weir.redis.up";

  /** Timer {outcome}. */
  public static final String REDIS_CALL_DURATION = "weir.redis.call.duration";

  /** Counter {outcome}: cached, verified or rejected. */
  public static final String JWT_VERIFICATIONS = "weir.jwt.verifications";

  /** Proofs of bound tokens; tag outcome. */
  public static final String DPOP_PROOFS = "weir.dpop.proofs";

  /** Gauge {issuer}. */
  public static final String JWKS_KEYS = "weir.jwks.keys";

  /** Gauge {issuer}, seconds since the last good fetch. */
  public static final String JWKS_AGE = "weir.jwks.age";

  /** Counter {issuer, outcome}. */
  public static final String JWKS_REFRESHES = "weir.jwks.refreshes";

  /** Gauge: live revocations in memory. */
  public static final String REVOCATIONS_HELD = "weir.revocations.held";

  /** Counter: revocations given up at the bound before they were moot. */
  public static final String REVOCATIONS_DROPPED = "weir.revocations.dropped";

  /** Gauge: 1 while the feed is followed. */
  public static final String REVOCATION_FEED_UP = "weir.revocation.feed.up";

  /** Gauge {upstream, endpoint}: 0 closed, 1 half open, 2 open. */
  public static final String BREAKER_STATE = "weir.breaker.state";

  /** Counter {upstream, endpoint, to}. */
  public static final String BREAKER_TRANSITIONS = "weir.breaker.transitions";

  /** Counter {upstream, endpoint, outcome}. */
  public static final String ATTEMPTS = "weir.attempts";

  /** Gauge {upstream, endpoint}: requests under way, up to the last byte of the answer. */
  public static final String ENDPOINT_REQUESTS = "weir.endpoint.requests";

  /** Gauge {upstream, endpoint}: 0 in service, 1 ejected, 2 its health checks fail. */
  public static final String ENDPOINT_STATE = "weir.endpoint.state";

  /** Counter {upstream, endpoint}: times that it was taken out of service for failing. */
  public static final String EJECTIONS = "weir.ejections";

  /** Gauge {upstream}: 1 while no endpoint is in service, so that all serve. */
  public static final String UPSTREAM_PANIC = "weir.upstream.panic";

  /** Gauge {upstream}: endpoints that are known, in service or not. */
  public static final String UPSTREAM_ENDPOINTS = "weir.upstream.endpoints";

  /** Counter {upstream, outcome}, rounds of questions to DNS: ok, or failed in part or whole. */
  public static final String DNS_LOOKUPS = "weir.dns.lookups";

  /** Counter {upstream, endpoint, outcome}: ok, status, timeout or unreachable. */
  public static final String HEALTH_CHECKS = "weir.health.checks";

  /** Counter {upstream, outcome}: retried, budget_exhausted or not_kept. */
  public static final String RETRIES = "weir.retries";

  /** Counter {upstream, outcome}, second attempts of slow reads: won, lost or budget_exhausted. */
  public static final String HEDGES = "weir.hedges";

  /** Counter {route, part}: what a route did without under pressure: retry or hedge. */
  public static final String BROWN_OUTS = "weir.brown.outs";

  /** Counter {route, cause}: answers that the route's fallback gave. */
  public static final String FALLBACKS = "weir.fallbacks";

  /** Gauge: addresses of which a last good answer is kept. */
  public static final String STALE_ANSWERS = "weir.stale.answers";

  /** Gauge: bytes that they take. */
  public static final String STALE_BYTES = "weir.stale.bytes";

  /** Gauge {upstream, endpoint, state}: active or idle. */
  public static final String UPSTREAM_CONNECTIONS = "weir.upstream.connections";

  /** Gauge {upstream, endpoint}: requests under way on shared connections, which is HTTP/2. */
  public static final String UPSTREAM_STREAMS = "weir.upstream.streams";

  /** Counter {outcome}: applied, rejected or unchanged. */
  public static final String RELOAD = "weir.reload";

  /** Gauge {upstream}: how many requests may wait for its answers at once. */
  public static final String UPSTREAM_LIMIT = "weir.upstream.limit";

  /** Gauge {upstream}: requests that wait for its answers; streams that have begun do not. */
  public static final String UPSTREAM_WAITING = "weir.upstream.waiting";

  /** Gauge {upstream}, seconds: what even its quickest answers take beyond their usual time. */
  public static final String UPSTREAM_QUEUE = "weir.upstream.queue";

  /** Counter {upstream, priority}: requests that the limit refused, or would in shadow mode. */
  public static final String UPSTREAM_SHED = "weir.upstream.shed";

  /** Gauge: 1 while the file on disk is the one that serves. */
  public static final String RELOAD_OK = "weir.reload.ok";

  /** Gauge: number of the serving generation. */
  public static final String ROUTE_GENERATION = "weir.route.generation";

  /** Gauge: routes in the serving generation. */
  public static final String ROUTES = "weir.routes";

  /** Counter: lines given up because the writer was behind. */
  public static final String ACCESS_LOG_DROPPED = "weir.access.log.dropped";

  /** Counter: connections that ended before they could carry a request. */
  public static final String TLS_HANDSHAKE_FAILURES = "weir.tls.handshake.failures";

  /** Counter {reason}: idle, slow_request, fields, unfinished, pipelined or limit. */
  public static final String CONNECTIONS_CLOSED = "weir.connections.closed";

  /** Counter: answers given up as their clients did not read them. */
  public static final String ANSWERS_UNREAD = "weir.answers.unread";

  /** Gauge: connections of the two listeners of the edge. */
  public static final String CONNECTIONS_OPEN = "weir.connections.open";

  /** Gauge: WebSockets that are open. */
  public static final String WEBSOCKETS_OPEN = "weir.websockets.open";

  /** Gauge, seconds since 1970: notAfter of the serving certificate. */
  public static final String TLS_CERTIFICATE_EXPIRY = "weir.tls.certificate.expiry";

  private GatewayMetrics() {}
}
