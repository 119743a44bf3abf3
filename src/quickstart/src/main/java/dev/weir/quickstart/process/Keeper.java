package dev.weir.quickstart.process;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Keeps one part alive from its start to the end of the run, on a thread of its own.
 *
 * <p>{@code stopping} and {@code process} change only under this object's lock: a part is never
 * started after its stop was asked for, and a stop always sees the process that runs.
 */
final class Keeper implements Runnable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final long POLL_MILLIS = 40;
  private static final int TAIL_LINES = 12;

  private final Part part;
  private final Supervision supervision;
  private final RestartBudget budget =
      new RestartBudget(5, Duration.ofMinutes(1), System::nanoTime);
  private final CompletableFuture<Duration> ready = new CompletableFuture<>();
  private boolean stopping;
  private List<Process> process = List.of();

  /** What all keepers of a run share. */
  record Supervision(
      Consumer<String> report, PidFile pids, Duration restartDelay, Consumer<String> fatal) {}

  Keeper(Part part, Supervision supervision) {
    this.part = part;
    this.supervision = supervision;
  }

  /** Completes with the time the first start took. */
  CompletableFuture<Duration> ready() {
    return ready;
  }

  @Override
  public void run() {
    try {
      while (runOnce()) {
        Thread.sleep(supervision.restartDelay());
      }
    } catch (IOException e) {
      giveUp("%s cannot be started: %s".formatted(part.name(), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs the process until it ends, and answers whether it is to be started again. */
  private boolean runOnce() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    var started = launch();
    if (started.isEmpty()) {
      return false;
    }
    var child = started.getFirst();
    awaitReady(child, begin);
    int status = child.waitFor();
    supervision.pids().remove(part);
    if (isStopping()) {
      return false;
    }
    return afterEnd(status, Duration.ofNanos(System.nanoTime() - begin));
  }

  private synchronized List<Process> launch() throws IOException {
    if (stopping) {
      return List.of();
    }
    process = List.of(part.launch().start(part.log()));
    supervision.pids().put(part, process.getFirst().pid());
    return process;
  }

  private synchronized boolean isStopping() {
    return stopping;
  }

  private void awaitReady(Process child, long begin) throws InterruptedException {
    while (child.isAlive() && !part.readiness().isReady(child.pid())) {
      if (System.nanoTime() - begin > START_LIMIT.toNanos()) {
        giveUp(
            "%s is not ready after %d s%s".formatted(part.name(), START_LIMIT.toSeconds(), tail()));
        return;
      }
      child.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
    if (!child.isAlive()) {
      return;
    }
    var took = Duration.ofNanos(System.nanoTime() - begin);
    if (!ready.complete(took)) {
      supervision
          .report()
          .accept("%s is ready again, after %s".formatted(part.name(), seconds(took)));
    }
  }

  private boolean afterEnd(int status, Duration ran) {
    if (!ready.isDone()) {
      giveUp(refusalOr("%s ended with status %d while starting".formatted(part.name(), status)));
      return false;
    }
    var what = "%s ended with %s after %s".formatted(part.name(), describe(status), seconds(ran));
    if (part.upkeep() == Upkeep.ESSENTIAL) {
      giveUp(what + tail());
      return false;
    }
    if (!budget.take()) {
      giveUp(what + ", the sixth end within a minute" + tail());
      return false;
    }
    supervision
        .report()
        .accept(what + "; it is started again in " + seconds(supervision.restartDelay()) + tail());
    return true;
  }

  /**
   * A service that refuses its configuration says why in one line; that line is then the whole
   * story.
   */
  private String refusalOr(String what) {
    var refusal =
        LogTail.read(part.log(), TAIL_LINES).stream()
            .filter(line -> line.startsWith("weir-"))
            .collect(Collectors.joining("\n"));
    return refusal.isEmpty() ? what + tail() : part.name() + " refuses to start: " + refusal;
  }

  private String tail() {
    var lines = LogTail.read(part.log(), TAIL_LINES);
    if (lines.isEmpty()) {
      return "; its log " + part.log() + " is empty";
    }
    return lines.stream()
        .map(line -> "\n    " + line)
        .collect(Collectors.joining("", "; the end of " + part.log() + ":", ""));
  }

  private void giveUp(String line) {
    ready.completeExceptionally(new StartFailedException(line));
    supervision.fatal().accept(line);
  }

  /** Asks the process to end and waits; after the grace it is killed. */
  void stop(Duration grace) throws InterruptedException {
    var running = requestStop();
    for (var child : running) {
      Signal.send(part.launch().endSignal(), child);
      if (!child.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        supervision
            .report()
            .accept(
                "%s did not end within %s and is killed".formatted(part.name(), seconds(grace)));
        child.destroyForcibly();
        child.waitFor();
      }
    }
    supervision.pids().remove(part);
  }

  private synchronized List<Process> requestStop() {
    stopping = true;
    return process.stream().filter(Process::isAlive).toList();
  }

  private static String describe(int status) {
    return status > 128
        ? "status %d (signal %d)".formatted(status, status - 128)
        : "status " + status;
  }

  static String seconds(Duration duration) {
    return "%.1f s".formatted(duration.toMillis() / 1000.0);
  }
}
