package dev.weir.bench.ceiling;

import dev.weir.bench.contender.Contender;
import dev.weir.bench.contender.Launch;
import dev.weir.bench.contender.Starter;
import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.process.Processes;
import java.io.IOException;

/** One gateway process, killed and started again on the same ports. */
final class Gateway {
  private final int number;
  private final Launch launch;
  private final Starter starter;
  private final Processes processes;
  private final String readyToken;
  private final Meters meters;
  private volatile Contender running;

  private Gateway(
      int number,
      Launch launch,
      Starter starter,
      Processes processes,
      String readyToken,
      Meters meters,
      Contender running) {
    this.number = number;
    this.launch = launch;
    this.starter = starter;
    this.processes = processes;
    this.readyToken = readyToken;
    this.meters = meters;
    this.running = running;
  }

  static Gateway start(
      int number,
      Launch launch,
      int managementPort,
      Starter starter,
      Processes processes,
      String readyToken)
      throws UnfitException, IOException, InterruptedException {
    var running = starter.start(launch, Routes.READY, readyToken);
    return new Gateway(
        number, launch, starter, processes, readyToken, new Meters(managementPort), running);
  }

  int number() {
    return number;
  }

  int port() {
    return launch.port();
  }

  Meters meters() {
    return meters;
  }

  void kill() throws InterruptedException {
    processes.kill(running.process());
  }

  /** Starts it again and returns once it serves. */
  void restart() throws UnfitException, IOException, InterruptedException {
    running = starter.start(launch, Routes.READY, readyToken);
  }
}
