package dev.weir.bench.process;

import java.util.List;

/**
 * On which cores a process runs.
 *
 * @param prefix what its command line begins with
 */
public record Placement(List<String> prefix) {

  public Placement {
    prefix = List.copyOf(prefix);
  }

  /** On this core alone. */
  public static Placement core(int core) {
    return new Placement(List.of("taskset", "-c", Integer.toString(core)));
  }

  /** Wherever this process may run. */
  public static Placement anywhere() {
    return new Placement(List.of());
  }
}
