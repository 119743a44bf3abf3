package dev.weir.gateway.config;

import dev.weir.gateway.ingress.TrustedProxies;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * What a setting may be beyond its type. All that is out of bounds is told at once, under the name
 * of its variable: a negative duration that reaches Netty is a silent "never", and a port of 70000
 * an exception without a name.
 */
final class SettingBounds {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration INSTANT = Duration.ofMillis(1);

  /** A cookie name is a token of RFC 9110, section 5.6.2; empty: no cookie is held back. */
  private static final String COOKIE_NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]{0,64}";

  /** A few of the largest. */
  private static final int LEAST_ANSWERS = 1024 * 1024;

  private static final List<String> DURATIONS =
      List.of(
          "weir.edge.idle-timeout",
          "weir.edge.request-timeout",
          "weir.redis.timeout",
          "weir.admission.target-lag",
          "weir.drain.grace",
          "weir.drain.timeout");

  private final List<String> problems = new ArrayList<>();

  private SettingBounds() {}

  /** Returns one line per setting that is out of bounds; none where the gateway may start. */
  static List<String> problems(WeirProperties settings) {
    SettingBounds bounds = new SettingBounds();
    bounds.listeners(settings);
    bounds.redis(settings.redis(), settings.revocation());
    bounds.ingress(settings.ingress());
    bounds.admission(settings.admission());
    bounds.within(
        "WEIR_FALLBACK_STALE_BYTES",
        settings.fallback().staleBytes(),
        LEAST_ANSWERS,
        MemoryBounds.mostKeptAnswers(Runtime.getRuntime().maxMemory()));
    bounds.within("WEIR_DRAIN_GRACE", settings.drain().grace(), Duration.ZERO, HOUR);
    bounds.within("WEIR_DRAIN_TIMEOUT", settings.drain().timeout(), Duration.ZERO, HOUR);
    return List.copyOf(bounds.problems);
  }

  /** Returns one line per duration without a unit: Spring would take milliseconds, nobody else. */
  static List<String> unitless(Binder binder) {
    SettingBounds bounds = new SettingBounds();
    for (String property : DURATIONS) {
      String text = binder.bind(property, String.class).orElse("");
      if (text.matches("-?\\d+")) {
        bounds.refuse(
            property.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"),
            text,
            "a duration with its unit, such as %sms or %ss".formatted(text, text));
      }
    }
    return List.copyOf(bounds.problems);
  }

  private void listeners(WeirProperties settings) {
    WeirProperties.Edge edge = settings.edge();
    address("WEIR_EDGE_ADDRESS", edge.address());
    address("WEIR_MANAGEMENT_ADDRESS", settings.management().address());
    within("WEIR_EDGE_PORT", edge.port(), 0, 65_535);
    within("WEIR_EDGE_PUBLIC_PORT", edge.publicPort(), 0, 65_535);
    within("WEIR_REDIRECT_PORT", settings.redirect().port(), 0, 65_535);
    within("WEIR_MANAGEMENT_PORT", settings.management().port(), 0, 65_535);
    within("WEIR_EDGE_IDLE_TIMEOUT", edge.idleTimeout(), INSTANT, HOUR);
    within("WEIR_EDGE_REQUEST_TIMEOUT", edge.requestTimeout(), INSTANT, HOUR);
    within("WEIR_EDGE_MAX_CONNECTIONS", edge.maxConnections(), 1, 1_000_000);
  }

  private void redis(WeirProperties.Redis redis, WeirProperties.Revocation revocation) {
    problems.addAll(RedisSetup.problems(redis));
    within("WEIR_REDIS_TIMEOUT", redis.timeout(), INSTANT, Duration.ofSeconds(10));
    within("WEIR_REDIS_INSTANCES", redis.instances(), 1, 10_000);
    if (!revocation.prefix().matches("[!-~]{1,64}")) {
      refuse(
          "WEIR_REVOCATION_PREFIX",
          revocation.prefix(),
          "1 to 64 printable characters, the same as WEIR_AUTH_REDIS_PREFIX");
    }
  }

  private void ingress(WeirProperties.Ingress ingress) {
    try {
      TrustedProxies.parse(ingress.trustedProxies());
    } catch (IllegalArgumentException e) {
      problems.add("WEIR_INGRESS_TRUSTED_PROXIES: " + e.getMessage());
    }
    if (!ingress.sessionCookie().matches(COOKIE_NAME)) {
      refuse("WEIR_INGRESS_SESSION_COOKIE", ingress.sessionCookie(), "the name of a cookie");
    }
    Set<String> paths = ingress.sessionCookiePaths();
    if (paths.isEmpty() || !paths.stream().allMatch(path -> path.startsWith("/"))) {
      refuse(
          "WEIR_INGRESS_SESSION_COOKIE_PATHS",
          String.join(",", paths),
          "a comma list of paths that start with /; to hold nothing back, leave"
              + " WEIR_INGRESS_SESSION_COOKIE empty");
    }
  }

  private void admission(WeirProperties.Admission admission) {
    within("WEIR_ADMISSION_MINIMUM", admission.minimum(), 1, admission.initial());
    within("WEIR_ADMISSION_INITIAL", admission.initial(), admission.minimum(), admission.maximum());
    within("WEIR_ADMISSION_MAXIMUM", admission.maximum(), admission.initial(), 1_000_000);
    within("WEIR_ADMISSION_TARGET_LAG", admission.targetLag(), INSTANT, Duration.ofSeconds(1));
  }

  private void within(String variable, int value, int least, int most) {
    if (value < least || value > most) {
      refuse(variable, String.valueOf(value), "%d to %d".formatted(least, most));
    }
  }

  private void within(String variable, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      refuse(variable, text(value), text(least) + " to " + text(most));
    }
  }

  private void address(String variable, String value) {
    try {
      InetAddress _ = InetAddress.getByName(value);
    } catch (UnknownHostException e) {
      refuse(variable, value, "an address of this machine, 0.0.0.0 for all of them");
    }
  }

  private void refuse(String variable, String value, String allowed) {
    problems.add("%s cannot be '%s'; allowed: %s".formatted(variable, value, allowed));
  }

  private static String text(Duration duration) {
    if (duration.equals(HOUR)) {
      return "1h";
    }
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
