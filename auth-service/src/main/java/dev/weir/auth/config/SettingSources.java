package dev.weir.auth.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Gathers settings from variables, then system properties, then arguments; whoever comes later
 * wins.
 */
public final class SettingSources {
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> faults = new ArrayList<>();

  /**
   * Reads what the process was started with; another program's variables are none of our business.
   */
  public static SettingSources ofProcess(String[] arguments) {
    var sources = new SettingSources();
    sources.addAll(System.getenv(), Setting.VARIABLE_PREFIX);
    var properties = new LinkedHashMap<String, String>();
    System.getProperties().forEach((k, v) -> properties.put(k.toString(), v.toString()));
    sources.addAll(properties, Setting.PROPERTY_PREFIX);
    for (var argument : arguments) {
      sources.addArgument(argument);
    }
    return sources;
  }

  public static SettingSources of(Map<String, String> variables) {
    var sources = new SettingSources();
    sources.addAll(variables, Setting.VARIABLE_PREFIX);
    return sources;
  }

  /** Returns the value of every setting, or says all that is wrong in one line. */
  Map<Setting, String> resolve() {
    var resolved = new EnumMap<Setting, String>(Setting.class);
    for (var setting : Setting.values()) {
      resolved.put(setting, setting.fallback());
    }
    values.forEach((key, value) -> resolveOne(resolved, key, value));
    if (!faults.isEmpty()) {
      throw new StartRefused(
          "unknown setting " + String.join(", ", faults), "docs/identity.md lists the known ones");
    }
    return resolved;
  }

  private void resolveOne(Map<Setting, String> resolved, String key, String value) {
    var setting = Setting.of(key);
    if (setting.isPresent()) {
      resolved.put(setting.get(), value.strip());
      return;
    }
    faults.add(key + nearest(key).map(name -> " (did you mean " + name + "?)").orElse(""));
  }

  private void addAll(Map<String, String> source, String prefix) {
    source.entrySet().stream()
        .filter(
            e -> e.getKey().toLowerCase(Locale.ROOT).startsWith(prefix.toLowerCase(Locale.ROOT)))
        .forEach(e -> values.put(e.getKey(), e.getValue()));
  }

  private void addArgument(String argument) {
    int equals = argument.indexOf('=');
    if (!argument.startsWith("--" + Setting.PROPERTY_PREFIX) || equals < 0) {
      faults.add(argument);
      return;
    }
    values.put(argument.substring(2, equals), argument.substring(equals + 1));
  }

  /**
   * Returns the known name that shares the longest beginning with what was typed, if it is any
   * likeness at all.
   */
  private static Optional<String> nearest(String key) {
    var typed = key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    var byLikeness =
        Arrays.stream(Setting.values())
            .collect(Collectors.toMap(Setting::variable, s -> common(s.variable(), typed)));
    return byLikeness.entrySet().stream()
        .filter(e -> e.getValue() > Setting.VARIABLE_PREFIX.length() + 2)
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
  }

  private static int common(String one, String other) {
    int i = 0;
    while (i < one.length() && i < other.length() && one.charAt(i) == other.charAt(i)) {
      i++;
    }
    return i;
  }
}
