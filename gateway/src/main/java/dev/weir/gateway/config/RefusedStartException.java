package dev.weir.gateway.config;

import java.util.List;

/** Refuses a start for reasons that a person can mend. */
final class RefusedStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> lines;

  RefusedStartException(List<String> lines) {
    super(String.join("; ", lines));
    this.lines = List.copyOf(lines);
  }

  List<String> lines() {
    return lines;
  }
}
