package dev.weir.gateway.config;

import dev.weir.gateway.routefile.NearMiss;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells which WEIR_ variables mean something. Spring Boot reports unknown keys of files but not of
 * the environment, where a typing error is just as easy and just as quiet.
 */
final class KnownVariables {
  private static final String PREFIX = "WEIR_";

  /** Another process's, often set in the same shell. */
  private static final String FOREIGN = "WEIR_AUTH_";

  private KnownVariables() {}

  /** Returns the variables that nothing reads, sorted. */
  static Set<String> unknown(Collection<String> environment) {
    Set<String> known = known();
    Set<String> unknown = new TreeSet<>();
    for (String name : environment) {
      if (name.startsWith(PREFIX) && !name.startsWith(FOREIGN) && !isKnown(name, known)) {
        unknown.add(name);
      }
    }
    return unknown;
  }

  /** Returns the line that refuses an unknown variable. */
  static String refusal(String name) {
    return name
        + " is not a variable of the gateway; "
        + NearMiss.of(name, known())
            .map(near -> "did you mean " + near + "?")
            .orElse("docs/operating.md lists them");
  }

  /** Returns every variable, spelled with underscores for dashes. */
  static Set<String> known() {
    Set<String> names = new TreeSet<>();
    collect("WEIR", WeirProperties.class, names);
    return names;
  }

  private static boolean isKnown(String name, Set<String> known) {
    // Spring also takes list elements by index, WEIR_INGRESS_TRUSTED_PROXIES_0, and dashes left
    // out.
    String plain = name.replaceFirst("_\\d+$", "");
    return known.contains(plain) || known.stream().anyMatch(k -> squeeze(k).equals(squeeze(plain)));
  }

  private static String squeeze(String name) {
    return name.replace("_", "");
  }

  private static void collect(String prefix, Class<?> type, Set<String> names) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + "_" + upper(component.getName());
      if (component.getType().isRecord()) {
        collect(name, component.getType(), names);
      } else {
        names.add(name);
      }
    }
  }

  private static String upper(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }
}
