package dev.weir.gateway.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;

/** Says of a value that its setting cannot hold what it can, under the variable's name. */
final class BadValue {
  private BadValue() {}

  static String line(BindException failure) {
    Object value = failure.getProperty() == null ? "" : failure.getProperty().getValue();
    return "%s cannot be '%s'; allowed: %s"
        .formatted(variable(failure), value, allowed(failure.getTarget().getType().resolve()));
  }

  /** Drops dashes as Spring does, then finds the spelling that the documentation uses. */
  private static String variable(BindException failure) {
    String spring = failure.getName().toString().replace("-", "").replace(".", "_");
    String squeezed = spring.toUpperCase(Locale.ROOT).replace("_", "");
    return KnownVariables.known().stream()
        .filter(known -> known.replace("_", "").equals(squeezed))
        .findFirst()
        .orElse(failure.getName().toString());
  }

  private static String allowed(@Nullable Class<?> type) {
    if (type == null) {
      return "see docs/operating.md";
    }
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(", "));
    }
    if (type == Duration.class) {
      return "a duration such as 250ms, 5s or 1m";
    }
    return type == int.class ? "a whole number" : "see docs/operating.md";
  }
}
