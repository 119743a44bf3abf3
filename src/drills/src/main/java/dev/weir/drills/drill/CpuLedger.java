package dev.weir.drills.drill;

import com.sun.management.OperatingSystemMXBean;
import dev.weir.bench.process.ProcessTree;
import dev.weir.drills.stand.WholeSystem;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Where the CPU time of logins goes, by process; of the auth service also by kind of thread. */
final class CpuLedger {
  private static final String HASHING = "hashing";

  private static final OperatingSystemMXBean SELF =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final WholeSystem system;
  private final Map<String, Long> spent = new LinkedHashMap<>();
  private long logins;
  private long available;

  CpuLedger(WholeSystem system) {
    this.system = system;
  }

  /** What everybody has used since they began, in nanoseconds. */
  private Map<String, Long> read() throws IOException {
    var auth = tree("auth-service");
    long hashing = auth.threadNanos("password-");
    long compilers = auth.compilerNanos();
    var all = new LinkedHashMap<String, Long>();
    all.put(HASHING, hashing);
    all.put("the auth service's compilers", compilers);
    all.put("the rest of it", auth.cpuNanos() - hashing - compilers);
    all.put("gateway", tree("gateway").cpuNanos());
    all.put("Postgres", tree("postgres").cpuNanos());
    all.put("Redis", tree("redis").cpuNanos());
    all.put("clients", SELF.getProcessCpuTime());
    return all;
  }

  private ProcessTree tree(String part) throws IOException {
    return new ProcessTree(ProcessHandle.of(system.pid(part)).orElseThrow());
  }

  /** Begins a turn of logins. */
  Turn begin() throws IOException {
    return new Turn(read(), System.nanoTime());
  }

  /** Logins that are under way. */
  final class Turn {
    private final Map<String, Long> before;
    private final long beginNanos;

    Turn(Map<String, Long> before, long beginNanos) {
      this.before = before;
      this.beginNanos = beginNanos;
    }

    void end(long count) throws IOException {
      long cores = Runtime.getRuntime().availableProcessors();
      available += cores * (System.nanoTime() - beginNanos);
      logins += count;
      read().forEach((who, now) -> spent.merge(who, now - before.getOrDefault(who, 0L), Long::sum));
    }
  }

  private double millis(long nanos) {
    return nanos / 1e6 / logins;
  }

  /**
   * Returns it for a person; what nobody used is idle, the kernel's own, or other people's. The
   * share of hashing does not depend on how fast the machine or this process happens to hash.
   */
  String text() {
    long used = spent.values().stream().mapToLong(Long::longValue).sum();
    return String.format(
            Locale.ROOT,
            "a login takes %.1f ms of a core, %.1f %% of it hashing: ",
            millis(available),
            100.0 * spent.getOrDefault(HASHING, 0L) / available)
        + spent.entrySet().stream()
            .map(one -> text(one.getKey(), one.getValue()))
            .collect(Collectors.joining(", "))
        + ", "
        + text("nobody of these", available - used);
  }

  private String text(String who, long nanos) {
    return String.format(Locale.ROOT, "%s %.2f", who, millis(nanos));
  }
}
