package dev.weir.gateway.throttle;

import dev.weir.gateway.problem.Rejection;
import dev.weir.gateway.route.Limit;
import java.util.List;

/**
 * Writes the RateLimit-Policy and RateLimit fields (draft-ietf-httpapi-ratelimit-headers-11).
 *
 * <p>The policy depends on the route alone and is written once. The draft counts windows in whole
 * seconds, so 5 per 100 ms is told as 50 per 1 s, and 1 per 1.5 s as 2 per 3 s: the same rate. The
 * burst has no parameter there, which is why {@code r} may be larger than {@code q}.
 *
 * <p>Limits that ask for it are told in X-RateLimit-Limit, -Remaining and -Reset as well, which
 * have room for one limit and no common meaning. Here they are the burst, what is left of it, and
 * the {@code t} of RateLimit: seconds, not a date, as clocks differ.
 */
final class RateLimitFields {
  static final String POLICY = "RateLimit-Policy";
  static final String STATE = "RateLimit";

  private static final String LEGACY = "X-RateLimit-";

  private final String policy;
  private final String[] names;
  private final List<Limit> limits;
  private final boolean hasLegacy;

  RateLimitFields(List<Limit> limits) {
    this.limits = limits;
    this.hasLegacy = limits.stream().anyMatch(Limit::legacyFields);
    this.names = limits.stream().map(RateLimitFields::quoted).toArray(String[]::new);
    this.policy = String.join(", ", limits.stream().map(RateLimitFields::policyItem).toList());
  }

  /** Returns the value of RateLimit-Policy. */
  String policy() {
    return policy;
  }

  /** Which of the tiers to tell of. */
  enum Shown {
    ALL,
    REFUSED
  }

  /** Returns the value of RateLimit; states stand in the order of the limits. */
  String state(List<TierState> states, Shown shown) {
    StringBuilder value = new StringBuilder(32 * names.length);
    for (int i = 0; i < names.length; i++) {
      TierState state = states.get(i);
      if (shown == Shown.REFUSED && state.allowed()) {
        continue;
      }
      if (!value.isEmpty()) {
        value.append(", ");
      }
      value.append(names[i]).append(";r=").append(state.remaining());
      value.append(";t=").append(state.waitSeconds());
    }
    return value.toString();
  }

  /** Returns the older fields: of the limits that ask for them, the one that hinders most. */
  List<Rejection.Header> legacy(List<TierState> states) {
    if (!hasLegacy) {
      return List.of();
    }
    int shown = -1;
    for (int i = 0; i < limits.size(); i++) {
      boolean asked = limits.get(i).legacyFields();
      if (asked && (shown < 0 || hinders(states.get(i), states.get(shown)))) {
        shown = i;
      }
    }
    TierState state = states.get(shown);
    return List.of(
        new Rejection.Header(LEGACY + "Limit", Long.toString(limits.get(shown).burst())),
        new Rejection.Header(LEGACY + "Remaining", Long.toString(state.remaining())),
        new Rejection.Header(LEGACY + "Reset", Long.toString(state.waitSeconds())));
  }

  /** A refusal goes before what let pass; then it is the longer wait, or what has less left. */
  private static boolean hinders(TierState one, TierState other) {
    if (one.allowed() != other.allowed()) {
      return other.allowed();
    }
    return one.allowed()
        ? one.remaining() < other.remaining()
        : one.waitMillis() > other.waitMillis();
  }

  private static String policyItem(Limit limit) {
    long windowMillis = limit.window().toMillis();
    long divisor = gcd(windowMillis, 1000);
    long quota = limit.tokens() * (1000 / divisor);
    return quoted(limit) + ";q=" + quota + ";w=" + windowMillis / divisor;
  }

  /** An sf-string (RFC 9651 §3.3.3): what it cannot hold is left out. */
  private static String quoted(Limit limit) {
    StringBuilder value = new StringBuilder("\"");
    limit.name().chars().filter(c -> c >= 0x20 && c < 0x7f).forEach(c -> append(value, (char) c));
    return value.append('"').toString();
  }

  private static void append(StringBuilder value, char c) {
    if (c == '"' || c == '\\') {
      value.append('\\');
    }
    value.append(c);
  }

  private static long gcd(long a, long b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
