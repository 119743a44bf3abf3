package dev.weir.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * CPU time that some threads of a process have used, chosen by their names.
 *
 * <p>A thread that has ended takes its time with it, so the sum may fall: a JVM ends a compiler
 * thread because it has nothing to do.
 */
final class ThreadClock {
  /** The kernel keeps fifteen characters of a thread's name: "C2 CompilerThread0". */
  static final List<String> COMPILERS = List.of("C1 CompilerThre", "C2 CompilerThre");

  private static final long NANOS_PER_TICK = 10_000_000L;

  private ThreadClock() {}

  /** Of the threads whose names begin with one of these. */
  static long nanos(long pid, List<String> beginnings) throws IOException {
    long ticks = 0;
    try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
      for (var thread : threads) {
        ticks += ticks(thread, beginnings);
      }
    }
    return ticks * NANOS_PER_TICK;
  }

  private static long ticks(Path thread, List<String> beginnings) throws IOException {
    try {
      var stat = Files.readString(thread.resolve("stat"));
      var name = ProcStatus.command(stat);
      return beginnings.stream().anyMatch(name::startsWith) ? ProcStatus.ticks(stat) : 0;
    } catch (IOException ended) {
      // Between listing and reading, which is another error before and after the file is open.
      return 0;
    }
  }
}
