package dev.weir.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the text files of /proc (proc(5)). Pure: lines in, numbers out. */
final class ProcStatus {
  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;

  private ProcStatus() {}

  /** Kibibytes of a line such as {@code VmRSS: 1234 kB}; 0 where a zombie has none. */
  static long kibibytes(List<String> status, String name) {
    return status.stream()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).replace("kB", "").strip())
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  /**
   * User and system time of a {@code stat} line, in clock ticks. The command's name stands in
   * parentheses and may hold spaces and parentheses itself, so fields count from the last one.
   */
  static long ticks(String stat) {
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
  }

  /** The command of a {@code stat} line: of a thread, its name, cut to fifteen characters. */
  static String command(String stat) {
    return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  }

  static List<String> status(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"));
  }

  static String stat(long pid) throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
  }
}
