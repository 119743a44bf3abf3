package dev.weir.bench.process;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.stream.Stream;

/** What a process and its descendants use together: nginx has a master and its workers. */
public final class ProcessTree {
  private final ProcessHandle root;

  public ProcessTree(Process process) {
    this(process.toHandle());
  }

  public ProcessTree(ProcessHandle root) {
    this.root = root;
  }

  /** CPU time so far, in nanoseconds. */
  public long cpuNanos() throws IOException {
    return sum(CpuClock::nanos);
  }

  /** CPU time of JIT compilers that are still there, in nanoseconds; 0 where there is no JVM. */
  public long compilerNanos() throws IOException {
    return sum(pid -> ThreadClock.nanos(pid, ThreadClock.COMPILERS));
  }

  /**
   * CPU time of threads that are still there, in nanoseconds.
   *
   * @param beginning what their names begin with, in at most fifteen characters
   */
  public long threadNanos(String beginning) throws IOException {
    return sum(pid -> ThreadClock.nanos(pid, List.of(beginning)));
  }

  /** Resident memory in kibibytes; pages that parent and child share count for each. */
  public long residentKibibytes() throws IOException {
    return sum(pid -> ProcStatus.kibibytes(ProcStatus.status(pid), "VmRSS"));
  }

  /** The most that was ever resident, in kibibytes. */
  public long peakKibibytes() throws IOException {
    return sum(pid -> ProcStatus.kibibytes(ProcStatus.status(pid), "VmHWM"));
  }

  /**
   * Lets every thread of it run on these cores alone.
   *
   * @param cores a list as taskset takes it
   */
  public void runOn(String cores) throws IOException, InterruptedException {
    for (long pid : pids()) {
      var command =
          new ProcessBuilder("taskset", "-a", "-c", "-p", cores, Long.toString(pid))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD);
      // A helper that is gone by now, or a thread that ends meanwhile, needs no core.
      int _ = command.start().waitFor();
    }
  }

  private interface Reading {
    long of(long pid) throws IOException;
  }

  private long sum(Reading reading) throws IOException {
    long sum = 0;
    for (long pid : pids()) {
      try {
        sum += reading.of(pid);
      } catch (NoSuchFileException ended) {
        // A short-lived helper is gone between listing and reading.
      }
    }
    return sum;
  }

  private long[] pids() {
    return Stream.concat(Stream.of(root), root.descendants())
        .mapToLong(ProcessHandle::pid)
        .toArray();
  }
}
