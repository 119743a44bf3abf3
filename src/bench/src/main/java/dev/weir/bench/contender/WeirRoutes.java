package dev.weir.bench.contender;

import dev.weir.bench.fixture.Issuer;

/** Writes Weir's route file for a mode. */
final class WeirRoutes {
  private final Mode mode;
  private final int upstreamPort;

  WeirRoutes(Mode mode, int upstreamPort) {
    this.mode = mode;
    this.upstreamPort = upstreamPort;
  }

  /** The routes that every contender serves. */
  String common() {
    var text = new StringBuilder(head());
    text.append("routes:\n").append(route("api", "/api/**", limitsOf("per-caller")));
    if (mode.throttles()) {
      text.append(route("limited", "/limited/**", limitsOf("few")));
    }
    return text.append(route("slow", "/slow/**", "")).toString();
  }

  /** One route to an upstream that speaks HTTP/2. */
  String http2() {
    return head() + "    protocol: h2c\nroutes:\n" + route("api", "/api/**", "");
  }

  /** One route with a stock filter. */
  String hosted() {
    var filter = ", filters: [\"AddResponseHeader=X-Hosted, yes\"]";
    return head() + "routes:\n" + route("hosted", "/hosted/**", filter);
  }

  /** A table of so many open routes. */
  String table(int routes) {
    var text = new StringBuilder(head()).append("routes:\n");
    for (int i = 1; i <= routes; i++) {
      text.append(route("r" + i, lastPath(i) + "/**", ""));
    }
    return text.toString();
  }

  /** The literal start of the path of the last of so many routes. */
  static String lastPath(int routes) {
    return "/team-%d/service-%d/v1".formatted(routes % 97, routes);
  }

  private String head() {
    return """
    version: 1
    %s%supstreams:
      bench:
        endpoints: [http://127.0.0.1:%d]
    %s"""
        .formatted(
            mode.identifies() ? issuers() : "",
            mode.throttles() ? limits() : "",
            upstreamPort,
            mode == Mode.FULL ? "    breaker: { failure-ratio: 0.5, window: 100 }\n" : "");
  }

  private String issuers() {
    return """
    issuers:
      bench:
        issuer: %s
        jwks: http://127.0.0.1:%d/.well-known/jwks.json
        audience: %s
    """
        .formatted(Issuer.NAME, upstreamPort, Issuer.AUDIENCE);
  }

  private String limits() {
    var perAddress = mode == Mode.FULL ? "  per-address: { key: address, rate: 1000000/1s }\n" : "";
    return """
    limits:
    %s  per-caller: { key: caller, rate: 100000/1s }
      few: { key: caller, rate: 5/1m }
    """
        .formatted(perAddress);
  }

  private String limitsOf(String perCaller) {
    return switch (mode) {
      case PLAIN, JWT -> "";
      case THROTTLE -> ", limits: [" + perCaller + "]";
      case FULL -> ", limits: [per-address, " + perCaller + "]";
    };
  }

  private String route(String id, String path, String more) {
    var auth = mode.identifies() ? "{ issuer: bench }" : "none";
    return "  - { id: %s, match: { path: \"%s\" }, upstream: bench, auth: %s%s }\n"
        .formatted(id, path, auth, more);
  }
}
