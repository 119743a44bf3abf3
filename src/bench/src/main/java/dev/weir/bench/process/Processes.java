package dev.weir.bench.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;

/**
 * Starts processes and ends each of them by its own pid, whatever becomes of the bench: on close,
 * on an exception, and from a shutdown hook when a person presses Ctrl-C.
 */
public final class Processes implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 5;

  private final ConcurrentLinkedDeque<Process> running = new ConcurrentLinkedDeque<>();
  private final Thread hook = Thread.ofPlatform().unstarted(this::stopAll);
  private volatile boolean closed;

  public Processes() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts a command where it is placed, its output appended to the log.
   *
   * @param environment on top of this process's own, from which WEIR_* is taken away
   */
  public Process start(
      Placement placement,
      List<String> command,
      Map<String, String> environment,
      Path log,
      Path errors)
      throws IOException {
    var placed = new ArrayList<String>(placement.prefix());
    placed.addAll(command);
    var builder =
        new ProcessBuilder(placed)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
    builder.environment().putAll(environment);
    synchronized (running) {
      if (closed) {
        throw new IOException("the bench is ending");
      }
      var process = builder.start();
      running.push(process);
      return process;
    }
  }

  /** Ends a process and what it started itself. */
  public void stop(Process process) {
    var family = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
    running.remove(process);
  }

  /** Asks a process to end, with SIGTERM, and returns its status; kills it after the patience. */
  public int terminate(Process process, Duration patience) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
    }
    int status = process.waitFor();
    running.remove(process);
    return status;
  }

  /** Ends a process as a power cut would, with SIGKILL. */
  public void kill(Process process) throws InterruptedException {
    process.destroyForcibly().waitFor();
    running.remove(process);
  }

  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyShuttingDown) {
      // Then the hook runs, and finds nothing left to do.
    }
  }

  private void stopAll() {
    synchronized (running) {
      closed = true;
    }
    for (var process = running.peek(); process != null; process = running.peek()) {
      stop(process);
    }
  }
}
