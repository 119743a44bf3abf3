package dev.weir.bench.run;

import dev.weir.bench.contender.Contender;
import dev.weir.bench.load.Outcome;
import dev.weir.bench.load.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Puts a contender under load and reads what it used meanwhile. */
final class Measurement {
  /** No compiler works in these while they run. */
  private static final Set<String> NATIVE = Set.of("nginx-lua", "nginx-lua-cache", "haproxy");

  private static final Duration MOMENT = Duration.ofMillis(50);
  private static final int MOMENTS = 40;

  private final Lab lab;
  private final Pace pace;
  private final Progress progress;

  Measurement(Lab lab, Pace pace, Progress progress) {
    this.lab = lab;
    this.pace = pace;
    this.progress = progress;
  }

  /**
   * What a closed loop used.
   *
   * @param cpuMicros for each request
   * @param busy CPU as a share of one core
   * @param compiling the JIT's part of that
   * @param redisCalls of all requests together
   */
  record Usage(
      Outcome outcome,
      double cpuMicros,
      double busy,
      double compiling,
      long redisCalls,
      Optional<String> fault) {}

  /** A closed loop after a moment of settling. */
  Usage closed(Contender contender, Protocol protocol, Task task) {
    return closed(contender, protocol, task, pace.closed());
  }

  /** A closed loop of a length of one's own. */
  Usage closed(Contender contender, Protocol protocol, Task task, Duration length) {
    try (var requests = task.requests(protocol, contender);
        var connections = lab.load().connect(contender.port(), protocol)) {
      connections.closedLoop(requests, pace.settle());
      var redis = lab.redis().stats();
      long compiledBefore = contender.tree().compilerNanos();
      long before = contender.tree().cpuNanos();
      var outcome = connections.closedLoop(requests, length);
      double cpu = contender.tree().cpuNanos() - before;
      double compiler = Math.max(0, contender.tree().compilerNanos() - compiledBefore);
      return new Usage(
          outcome,
          cpu / 1e3 / Math.max(1, outcome.answers()),
          cpu / outcome.wallNanos(),
          compiler / outcome.wallNanos(),
          lab.redis().stats().since(redis),
          outcome.fault(task.expected()));
    } catch (IOException e) {
      return failed(e);
    }
  }

  /** An open loop at the rate, after a moment of settling; the outcome may be a fault. */
  Outcome open(Contender contender, Protocol protocol, Task task, double ratePerSecond)
      throws IOException {
    try (var requests = task.requests(protocol, contender);
        var connections = lab.load().connect(contender.port(), protocol)) {
      connections.openLoop(requests, ratePerSecond, pace.settle());
      return connections.openLoop(requests, ratePerSecond, pace.open());
    }
  }

  /** The same at the upstream itself, without TLS. */
  Outcome direct(Task task, double ratePerSecond) throws IOException {
    int port = lab.setting().upstreamPort();
    try (var requests = task.requests(Protocol.H1, port);
        var connections = lab.load().connectPlain(port)) {
      connections.openLoop(requests, ratePerSecond, pace.settle());
      return connections.openLoop(requests, ratePerSecond, pace.open());
    }
  }

  /**
   * Loads it until its CPU per request no longer changes, so that no compiler is measured.
   * Meanwhile it may use the other core as well: its event loops were counted when it had one, and
   * a JIT that shares that one takes minutes.
   *
   * @return why it cannot be measured, if so
   */
  Optional<String> warm(Contender contender, Protocol protocol, Task task)
      throws IOException, InterruptedException {
    contender.tree().runOn(Lab.CONTENDER_CORE + "," + Lab.LOAD_CORE);
    try {
      return loadUntilSteady(contender, protocol, task);
    } finally {
      contender.tree().runOn(Integer.toString(Lab.CONTENDER_CORE));
    }
  }

  private Optional<String> loadUntilSteady(Contender contender, Protocol protocol, Task task)
      throws IOException, InterruptedException {
    boolean compiles = !NATIVE.contains(contender.name());
    int chunks = compiles ? pace.chunks() : pace.nativeChunks();
    var flatness = new Flatness();
    var fault = Optional.<String>empty();
    for (int chunk = 0; chunk < chunks && !flatness.isReached(); chunk++) {
      var usage = closed(contender, protocol, task, pace.chunk());
      // A cold gateway that sheds does what it should; only one that still does is unfit.
      fault = usage.fault();
      flatness.add(usage.cpuMicros(), usage.compiling());
      leaveToCompilers(contender);
    }
    if (compiles && !flatness.isReached()) {
      progress.note(
          "%s over %s was not steady after %d chunks of warm-up"
              .formatted(contender.name(), protocol.label(), chunks));
    }
    return fault;
  }

  /** Without load, the JIT has the cores for what the load has shown it, and is through sooner. */
  private static void leaveToCompilers(Contender contender)
      throws IOException, InterruptedException {
    long before = contender.tree().compilerNanos();
    for (int moment = 0; moment < MOMENTS; moment++) {
      Thread.sleep(MOMENT);
      long now = contender.tree().compilerNanos();
      if (now - before < MOMENT.toNanos() * Flatness.IDLE) {
        return;
      }
      before = now;
    }
  }

  private static Usage failed(IOException e) {
    var outcome = Outcome.broken(String.valueOf(e.getMessage()));
    return new Usage(outcome, Double.NaN, Double.NaN, 0, 0, outcome.broken());
  }
}
