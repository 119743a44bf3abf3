package dev.weir.gateway.routefile;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The mappings of a route file and the keys that each may have. docs/routes.schema.json says the
 * same, and a test compares the two.
 */
// List.copyOf and records are immutable; the checker cannot know.
@SuppressWarnings("ImmutableEnumChecker")
enum Shape {
  FILE(
      "the file",
      required("version", "version: 1"),
      optional("issuers", "issuers: { NAME: { issuer: ..., jwks: ..., audience: ... } }"),
      optional("limits", "limits: { NAME: { key: address, rate: 100/1s } }"),
      required("upstreams", "upstreams: { NAME: { endpoints: [http://127.0.0.1:9101] } }"),
      required("routes", "routes: [ { id: ..., match: ..., upstream: ..., auth: ... } ]")),
  CLAIMS(
      "a claims",
      optional("subject", "subject: sub"),
      optional("session", "session: sid"),
      optional("id", "id: jti"),
      optional("roles", "roles: /realm_access/roles"),
      optional("scope", "scope: scp"),
      optional("acr", "acr: acr"),
      optional("tenant", "tenant: org_id")),
  ISSUER(
      "an issuer",
      required("issuer", "issuer: https://login.example.com"),
      either("jwks", "jwks: https://login.example.com/jwks.json", "discovery"),
      optional(
          "discovery", "discovery: https://login.example.com/.well-known/openid-configuration"),
      required("audience", "audience: my-api"),
      optional("other-audiences", "other-audiences: [account]"),
      optional("algorithms", "algorithms: [RS256]"),
      optional("types", "types: [at+jwt]"),
      optional("clock-skew", "clock-skew: 30s"),
      optional("namespace", "namespace: partner"),
      optional("claims", "claims: { roles: /realm_access/roles }", CLAIMS)),
  COST(
      "a cost",
      optional("GET", "GET: 1"),
      optional("HEAD", "HEAD: 1"),
      optional("POST", "POST: 5"),
      optional("PUT", "PUT: 5"),
      optional("PATCH", "PATCH: 5"),
      optional("DELETE", "DELETE: 5"),
      optional("OPTIONS", "OPTIONS: 1")),
  LIMIT(
      "a limit",
      required("key", "key: address"),
      required("rate", "rate: 100/1s"),
      optional("burst", "burst: 200"),
      optional("cost", "cost: 5", COST),
      optional("cost-from", "cost-from: response-header:X-Cost"),
      optional("ipv4-prefix", "ipv4-prefix: 32"),
      optional("ipv6-prefix", "ipv6-prefix: 64"),
      optional("on-redis-loss", "on-redis-loss: local"),
      optional("mode", "mode: shadow"),
      optional("legacy-fields", "legacy-fields: true")),
  BREAKER(
      "a breaker",
      optional("failure-ratio", "failure-ratio: 0.5"),
      optional("window", "window: 20"),
      optional("minimum-calls", "minimum-calls: 10"),
      optional("open-for", "open-for: 5s"),
      optional("half-open-calls", "half-open-calls: 3"),
      optional("slow-call", "slow-call: 2s")),
  BALANCE("a balance", required("hash", "hash: cookie:session")),
  HEALTH(
      "a health check",
      required("path", "path: /healthz"),
      optional("interval", "interval: 5s"),
      optional("timeout", "timeout: 1s"),
      optional("unhealthy-after", "unhealthy-after: 3"),
      optional("healthy-after", "healthy-after: 2")),
  EJECTION(
      "an ejection",
      optional("consecutive-failures", "consecutive-failures: 5"),
      optional("eject-for", "eject-for: 10s"),
      optional("max-eject-for", "max-eject-for: 5m"),
      optional("max-ejected", "max-ejected: 0.5")),
  CONCURRENCY(
      "a concurrency", optional("mode", "mode: adaptive"), optional("minimum", "minimum: 4")),
  UPSTREAM(
      "an upstream",
      either("endpoints", "endpoints: [http://127.0.0.1:9101]", "srv"),
      optional("srv", "srv: _http._tcp.orders.svc.cluster.local"),
      optional("protocol", "protocol: h2c"),
      optional("connect-timeout", "connect-timeout: 500ms"),
      optional("max-connections", "max-connections: 512"),
      optional("max-requests", "max-requests: 1000"),
      optional("concurrency", "concurrency: { mode: adaptive }", CONCURRENCY),
      optional("max-idle", "max-idle: 20s"),
      optional("max-life", "max-life: 10m"),
      optional("idle-timeout", "idle-timeout: 1m"),
      optional("breaker", "breaker: { failure-ratio: 0.5 }", BREAKER),
      optional("balance", "balance: round-robin", BALANCE),
      optional("health", "health: { path: /healthz }", HEALTH),
      optional("ejection", "ejection: { consecutive-failures: 5 }", EJECTION),
      optional("slow-start", "slow-start: 30s")),
  MATCH(
      "a match",
      optional("host", "host: api.example.com"),
      required("path", "path: /api/orders/**"),
      optional("methods", "methods: [GET, POST]")),
  AUTH(
      "an auth",
      required("issuer", "issuer: NAME"),
      optional("roles", "roles: [customer]"),
      optional("scopes", "scopes: [orders:read]"),
      optional("acr", "acr: [urn:x:aal2]"),
      optional("max-age", "max-age: 5m")),
  USE(
      "a use of a limit",
      required("limit", "limit: NAME"),
      optional("cost", "cost: 5", COST),
      optional("cost-from", "cost-from: response-header:X-Cost")),
  PRIORITY(
      "a priority",
      required("claim", "claim: plan"),
      optional("critical", "critical: [gold]"),
      optional("high", "high: [silver]"),
      optional("normal", "normal: [bronze]"),
      optional("low", "low: [free]"),
      optional("otherwise", "otherwise: normal")),
  RETRY(
      "a retry",
      required("attempts", "attempts: 2"),
      required("on", "on: [connect, reset]"),
      optional("backoff", "backoff: 25ms"),
      optional("idempotency-key", "idempotency-key: true"),
      optional("body", "body: 64KiB")),
  HEDGE("a hedge", required("percentile", "percentile: 95")),
  FALLBACK(
      "a fallback",
      optional("stale", "stale: 10m"),
      either("body", "body: '{}'", "upstream", "stale"),
      optional("content-type", "content-type: application/json"),
      optional("status", "status: 200"),
      optional("upstream", "upstream: NAME")),
  ROUTE(
      "a route",
      required("id", "id: orders"),
      required("match", "match: { path: /api/orders/** }", MATCH),
      required("upstream", "upstream: NAME"),
      optional("priority", "priority: normal", PRIORITY),
      required("auth", "auth: { issuer: NAME }, or auth: none to let everyone in", AUTH),
      optional("limits", "limits: [NAME]"),
      optional("strip-prefix", "strip-prefix: /auth"),
      optional("deadline", "deadline: 15s"),
      optional("attempt-timeout", "attempt-timeout: 5s"),
      optional("retry", "retry: { attempts: 2, on: [connect, reset] }", RETRY),
      optional("hedge", "hedge: { percentile: 95 }", HEDGE),
      optional("fallback", "fallback: { body: '{}' }", FALLBACK),
      optional("brown-out", "brown-out: [hedge, retry]"),
      optional("max-body", "max-body: 1MiB"),
      optional("max-websockets", "max-websockets: 1000"),
      optional("filters", "filters: ['AddResponseHeader=X-Hello, world']"));

  /**
   * One key.
   *
   * @param example what to write; part of a cure
   * @param inside the mapping it holds, where it holds one of ours
   * @param instead the keys of which any may stand in its place, where it is required but for those
   */
  record Key(
      String name, boolean required, String example, Optional<Shape> inside, List<String> instead) {

    Key(String name, boolean required, String example, Optional<Shape> inside) {
      this(name, required, example, inside, List.of());
    }
  }

  private final String title;
  private final List<Key> keys;

  Shape(String title, Key... keys) {
    this.title = title;
    this.keys = List.of(keys);
  }

  private static Key required(String name, String example) {
    return new Key(name, true, example, Optional.empty());
  }

  private static Key required(String name, String example, Shape inside) {
    return new Key(name, true, example, Optional.of(inside));
  }

  private static Key either(String name, String example, String... instead) {
    return new Key(name, false, example, Optional.empty(), List.of(instead));
  }

  private static Key optional(String name, String example) {
    return new Key(name, false, example, Optional.empty());
  }

  private static Key optional(String name, String example, Shape inside) {
    return new Key(name, false, example, Optional.of(inside));
  }

  /** Returns what messages call it. */
  String title() {
    return title;
  }

  /** Returns the keys in the order of the documentation. */
  List<Key> keys() {
    return keys;
  }

  /** Returns the names of the keys. */
  Set<String> names() {
    return keys.stream().map(Key::name).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Returns what to write for the first key that must be there, or else the first. */
  String leadingExample() {
    return keys.stream().filter(Key::required).findFirst().orElse(keys.getFirst()).example();
  }

  /** Returns the key of this name. */
  Optional<Key> key(String name) {
    return keys.stream().filter(key -> key.name().equals(name)).findFirst();
  }

  /** Returns what to do about a key that does not belong here. */
  String cureFor(String unknown) {
    if (unknown.equals("<<")) {
      return "write the keys out; merge keys are not supported";
    }
    for (Key key : keys) {
      if (key.inside().map(shape -> shape.names().contains(unknown)).orElse(false)) {
        return "write it inside "
            + key.name()
            + ", as "
            + key.name()
            + ": { "
            + unknown
            + ": ... }";
      }
    }
    return NearMiss.of(unknown, names())
        .map(name -> "did you mean '" + name + "'?")
        .or(() -> homeOf(unknown))
        .orElse("remove it");
  }

  private static Optional<String> homeOf(String unknown) {
    return Arrays.stream(values())
        .filter(shape -> shape.names().contains(unknown))
        .findFirst()
        .map(shape -> "it belongs in " + shape.title);
  }
}
