package dev.weir.quickstart.process;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: shells that sleep, end, or refuse. */
@NullMarked
class SupervisorIT {
  private static final Duration GRACE = Duration.ofSeconds(5);

  @TempDir Path folder = Path.of("");
  private final Queue<String> reports = new ConcurrentLinkedQueue<>();
  private Supervisor supervisor = supervisor(Path.of("pids"));

  @BeforeEach
  void open() {
    supervisor = supervisor(folder.resolve("pids"));
  }

  @AfterEach
  void stop() throws InterruptedException {
    supervisor.stop(List.of("part"), GRACE);
  }

  @Test
  void reportsAndRestartsAPartThatIsKilled() throws Exception {
    supervisor.start(part("echo working; exec sleep 600", Upkeep.RESTARTED)).get(10, SECONDS);
    await().until(() -> Files.readString(log()).contains("working"));
    long first = pid();
    kill(first);
    await().untilAsserted(() -> assertThat(pid()).isNotEqualTo(first));
    await()
        .untilAsserted(
            () -> assertThat(reports).anyMatch(line -> line.startsWith("part is ready again")));
    assertThat(reports)
        .anyMatch(
            line ->
                line.startsWith("part ended with status 137 (signal 9)")
                    && line.contains("\n    working"));
    assertThat(supervisor.failure()).isNotDone();
  }

  @Test
  void failsTheRunWhenAnEssentialPartEnds() throws Exception {
    supervisor.start(part("exec sleep 600", Upkeep.ESSENTIAL)).get(10, SECONDS);
    kill(pid());
    assertThat(supervisor.failure().get(10, SECONDS)).startsWith("part ended with status 137");
  }

  @Test
  void failsTheRunWhenAPartEndsMoreOftenThanTheBudgetAllows() throws Exception {
    supervisor.start(part("sleep 0.1; exit 3", Upkeep.RESTARTED)).get(10, SECONDS);
    assertThat(supervisor.failure().get(30, SECONDS))
        .startsWith("part ended with status 3")
        .contains("the sixth end within a minute");
  }

  @Test
  void givesTheOneLineOfAServiceThatRefusesItsConfiguration() throws Exception {
    var script = "echo noise; echo 'weir-gateway: unknown key WEIR_X'; exit 1";
    var _ =
        supervisor.start(new Part("part", 1, launch(script), log(), _ -> false, Upkeep.ESSENTIAL));
    assertThat(supervisor.failure().get(10, SECONDS))
        .isEqualTo("part refuses to start: weir-gateway: unknown key WEIR_X");
  }

  @Test
  void killsAPartThatDoesNotEndInTime() throws Exception {
    var _ =
        supervisor.start(
            part("trap '' TERM; echo up; while :; do sleep 0.1; done", Upkeep.RESTARTED));
    await().until(() -> Files.readString(log()).contains("up"));
    long pid = pid();
    supervisor.stop(List.of("part"), Duration.ofMillis(200));
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    assertThat(reports).anyMatch(line -> line.contains("did not end within"));
    assertThat(Files.readString(folder.resolve("pids"))).isEmpty();
  }

  @Test
  void startsNothingOnceTheStopHasBegun() throws Exception {
    supervisor.stop(List.of(), GRACE);
    assertThat(supervisor.start(part("exec sleep 600", Upkeep.RESTARTED)))
        .isCompletedExceptionally();
  }

  @Test
  void endsAnOrphanOfAnEarlierRunAndLeavesAStrangerAlone() throws Exception {
    var ours = new ProcessBuilder("/bin/sh", "-c", "sleep 600; : " + folder).start();
    var stranger = new ProcessBuilder("sleep", "600").start();
    try {
      var pids =
          Files.writeString(
              folder.resolve("old"),
              "a %d 1\nb %d 2\nbroken\n".formatted(ours.pid(), stranger.pid()));
      Orphans.end(pids, folder.toString(), reports::add);
      assertThat(ours.isAlive()).isFalse();
      assertThat(stranger.isAlive()).isTrue();
      assertThat(reports)
          .containsExactly(
              "ended a (pid %d), left over from a run that was killed".formatted(ours.pid()));
      assertThat(pids).doesNotExist();
    } finally {
      ours.destroyForcibly();
      stranger.destroyForcibly();
    }
  }

  private Supervisor supervisor(Path pids) {
    return new Supervisor(reports::add, new PidFile(pids), Duration.ofMillis(50));
  }

  private Part part(String script, Upkeep upkeep) throws IOException {
    return new Part("part", 1, launch(script), log(), _ -> true, upkeep);
  }

  private static Launch launch(String script) {
    return new Launch(List.of("/bin/sh", "-c", script), Map.of(), "TERM");
  }

  private Path log() {
    return folder.resolve("part.log");
  }

  private long pid() throws IOException {
    var fields = Files.readString(folder.resolve("pids")).strip().split(" ", -1);
    return fields.length == 3 ? Long.parseLong(fields[1]) : -1;
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }
}
