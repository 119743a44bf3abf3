package dev.weir.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
}
