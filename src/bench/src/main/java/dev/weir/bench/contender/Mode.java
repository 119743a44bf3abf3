package dev.weir.bench.contender;

import java.util.Locale;

/** How much a contender does for a request. Everything is over TLS 1.3. */
public enum Mode {
  /** Proxying alone. */
  PLAIN(false, false),
  /** An RS256 token: signature, exp, iss, aud. */
  JWT(true, false),
  /** The token, and one bucket per caller in Redis. */
  THROTTLE(true, true),
  /** Token, two buckets, breaker, security headers, metrics, access log to a file. */
  FULL(true, true);

  private final boolean identifies;
  private final boolean throttles;

  Mode(boolean identifies, boolean throttles) {
    this.identifies = identifies;
    this.throttles = throttles;
  }

  /** Returns the name in options, in BENCH_MODE and in results. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean identifies() {
    return identifies;
  }

  public boolean throttles() {
    return throttles;
  }
}
