package dev.weir.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcStatusTest {
  @Test
  void readsMemory() {
    var status = List.of("Name:\tjava", "VmHWM:\t  204800 kB", "VmRSS:\t  102400 kB");

    assertThat(ProcStatus.kibibytes(status, "VmRSS")).isEqualTo(102_400);
    assertThat(ProcStatus.kibibytes(status, "VmHWM")).isEqualTo(204_800);
  }

  @Test
  void takesAZombieWithoutMemoryForNothing() {
    assertThat(ProcStatus.kibibytes(List.of("Name:\tnginx", "State:\tZ (zombie)"), "VmRSS"))
        .isZero();
  }

  @Test
  void readsTicksBehindANameThatLooksLikeFields() {
    var stat = "42 (a) S (b c) R 1 42 42 0 -1 4194560 100 0 0 0 250 75 9 9 20 0 1 0 1 2 3";

    assertThat(ProcStatus.ticks(stat)).isEqualTo(325);
  }
}
