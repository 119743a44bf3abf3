package dev.weir.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CPU time that the JIT compilers of a JVM have used, read from its threads.
 *
 * <p>A compiler thread that has ended takes its time with it, so the sum may fall: a JVM ends one
 * because it has nothing to do.
 */
final class CompilerClock {
  // The kernel keeps fifteen characters of a thread's name: "C2 CompilerThread0".
  private static final List<String> COMPILERS = List.of("C1 CompilerThre", "C2 CompilerThre");
  private static final long NANOS_PER_TICK = 10_000_000L;

  private CompilerClock() {}

  static long nanos(long pid) throws IOException {
    long ticks = 0;
    try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (var thread : threads) {
        ticks += ticks(thread);
      }
    }
    return ticks * NANOS_PER_TICK;
  }

  private static long ticks(Path thread) throws IOException {
    try {
      var stat = Files.readString(thread.resolve("stat"));
      return COMPILERS.contains(ProcStatus.command(stat)) ? ProcStatus.ticks(stat) : 0;
    } catch (IOException ended) {
      // Between listing and reading, which is another error before and after the file is open.
      return 0;
    }
  }
}
