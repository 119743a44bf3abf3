package dev.weir.bench.contender;

import dev.weir.bench.process.Placement;
import dev.weir.bench.process.ProcessTree;
import dev.weir.bench.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Starts contenders where they are placed and waits until they answer. */
public final class Starter {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int POLL_MILLIS = 5;
  // What src/contenders/run says of itself: a program is not installed, or has no such mode.
  private static final Set<Integer> EXPECTED = Set.of(3, 4);

  private final Processes processes;
  private final Placement placement;
  private final Probe probe;

  public Starter(Processes processes, Placement placement, Probe probe) {
    this.processes = processes;
    this.placement = placement;
    this.probe = probe;
  }

  /**
   * Starts it and waits for the first 200 at the path.
   *
   * @param token a good one; empty where none is asked for
   */
  public Contender start(Launch launch, String path, String token)
      throws UnfitException, IOException, InterruptedException {
    long begin = System.nanoTime();
    var process =
        processes.start(
            placement, launch.command(), launch.environment(), launch.output(), launch.errors());
    while (probe.status(launch.port(), path, token) != 200) {
      if (!process.isAlive()) {
        throw new UnfitException(reason(process.exitValue(), launch));
      }
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        processes.stop(process);
        throw new UnfitException(
            "no 200 within " + PATIENCE.toSeconds() + " s; see " + launch.errors());
      }
      Thread.sleep(POLL_MILLIS);
    }
    var startUp = Duration.ofNanos(System.nanoTime() - begin);
    return new Contender(launch.name(), launch.port(), process, new ProcessTree(process), startUp);
  }

  private static String reason(int status, Launch launch) throws IOException {
    List<String> errors = Files.readAllLines(launch.errors());
    var last = errors.isEmpty() ? "" : errors.getLast();
    return EXPECTED.contains(status) ? last : "it ended with status %d: %s".formatted(status, last);
  }
}
