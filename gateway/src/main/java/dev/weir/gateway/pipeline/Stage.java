package dev.weir.gateway.pipeline;

/**
 * The stages of a request in the order they run. This enum is the only place of order; the table in
 * gateway/ARCHITECTURE.md says why each stands where it does, and a test compares the two.
 */
public enum Stage {
  /** Request id, timer, access log: sees every outcome. */
  OBSERVE,
  /** The one place that maps refusals and errors to responses. */
  PROBLEM_BOUNDARY,
  /** Framing, path, client address, stripped fields: nothing below may trust raw input. */
  INGRESS,
  /** Binds one generation and one route to the request. */
  ROUTE_MATCH,
  /** Sheds by priority before anything that costs. */
  ADMISSION,
  /** A local bucket per client address: shields signature checks from floods. */
  ADDRESS_GUARD,
  /** Verifies the access token. */
  JWT,
  /** Roles and scopes. */
  AUTHORIZE,
  /** The shared token buckets of all tiers, in one call. */
  THROTTLE,
  /** Bounds the request body on the stream. */
  BODY_POLICY,
  /** Deadline, retry and breaker: each attempt counts. */
  RESILIENCE,
  /** Takes the request to an endpoint and the answer back. */
  FORWARD
}
