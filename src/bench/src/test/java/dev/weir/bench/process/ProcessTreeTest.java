package dev.weir.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessTreeTest {
  @Test
  void countsWhatParentAndChildUse() throws IOException, InterruptedException {
    // The child counts, the parent waits for it; both stay until their input ends.
    var script = "sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo; read x'";
    var process = new ProcessBuilder("sh", "-c", script + "; true").start();
    try {
      assertThat(process.getInputStream().read()).isEqualTo('\n');
      var tree = new ProcessTree(process);

      assertThat(tree.cpuNanos()).isGreaterThan(CpuClock.nanos(process.pid()));
      assertThat(tree.residentKibibytes()).isBetween(100L, 100_000L);
      assertThat(tree.peakKibibytes()).isGreaterThanOrEqualTo(tree.residentKibibytes());
    } finally {
      process.getOutputStream().close();
      process.waitFor();
    }
  }

  @Test
  void agreesWithTheTicksOfThisVeryProcess() throws IOException {
    long pid = ProcessHandle.current().pid();

    long ticks = ProcStatus.ticks(ProcStatus.stat(pid)) * 10_000_000L;
    long nanos = CpuClock.nanos(pid);

    assertThat(nanos).isBetween(ticks - 50_000_000L, ticks + 5_000_000_000L);
  }

  @Test
  void tellsThreadsApartByTheirNames() throws IOException, InterruptedException {
    var self = new ProcessTree(ProcessHandle.current());
    var done = new CountDownLatch(1);
    var busy =
        Thread.ofPlatform()
            .name("busy-thread-with-a-long-name")
            .start(
                () -> {
                  while (done.getCount() > 0) {
                    Thread.onSpinWait();
                  }
                });
    try {
      long deadline = System.nanoTime() + 10_000_000_000L;
      while (self.threadNanos("busy-") == 0 && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }

      assertThat(self.threadNanos("busy-")).isPositive();
      assertThat(self.threadNanos("no such")).isZero();
    } finally {
      done.countDown();
      busy.join();
    }
  }

  @Test
  void movesEveryProcessOfTheTree() throws IOException, InterruptedException {
    var process = new ProcessBuilder("sh", "-c", "sh -c 'echo; read x'; true").start();
    try {
      assertThat(process.getInputStream().read()).isEqualTo('\n');

      new ProcessTree(process).runOn("0");

      var pids = Stream.concat(Stream.of(process.toHandle()), process.descendants());
      assertThat(pids.map(handle -> allowed(handle.pid()))).hasSize(2).containsOnly("0");
    } finally {
      process.getOutputStream().close();
      process.waitFor();
    }
  }

  private static String allowed(long pid) {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
      return lines
          .filter(line -> line.startsWith("Cpus_allowed_list:"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
