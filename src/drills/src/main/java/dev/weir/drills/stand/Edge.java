package dev.weir.drills.stand;

import dev.weir.bench.contender.Contender;
import dev.weir.bench.contender.Launch;
import dev.weir.bench.contender.Starter;
import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.process.Processes;
import java.io.IOException;
import java.time.Duration;

/** One gateway process, which keeps its ports when it is started again. */
public final class Edge {
  private final Launch launch;
  private final int managementPort;
  private final Starter starter;
  private final Processes processes;
  private final String token;
  // Replaced by the one thread that runs the drill.
  private volatile Contender running;

  private Edge(
      Launch launch, int managementPort, Starter starter, Processes processes, String token)
      throws UnfitException, IOException, InterruptedException {
    this.launch = launch;
    this.managementPort = managementPort;
    this.starter = starter;
    this.processes = processes;
    this.token = token;
    this.running = starter.start(launch, Routes.READY, token);
  }

  /** Starts it and returns once it serves. */
  static Edge start(
      Launch launch, int managementPort, Starter starter, Processes processes, String token)
      throws UnfitException, IOException, InterruptedException {
    return new Edge(launch, managementPort, starter, processes, token);
  }

  public int port() {
    return launch.port();
  }

  public int managementPort() {
    return managementPort;
  }

  public Contender running() {
    return running;
  }

  /** Asks it to end with SIGTERM and returns its status; kills it when it takes longer. */
  public int drain(Duration patience) throws InterruptedException {
    return processes.terminate(running.process(), patience);
  }

  /** Starts it again on the same ports and returns once it serves. */
  public void startAgain() throws UnfitException, IOException, InterruptedException {
    running = starter.start(launch, Routes.READY, token);
  }
}
