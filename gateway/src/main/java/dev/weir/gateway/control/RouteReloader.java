package dev.weir.gateway.control;

import dev.weir.gateway.observe.GatewayMetrics;
import dev.weir.gateway.pipeline.Generation;
import dev.weir.gateway.route.RouteTable;
import dev.weir.gateway.routefile.Problem;
import dev.weir.gateway.routefile.ProblemCode;
import dev.weir.gateway.routefile.RouteFile;
import dev.weir.gateway.routefile.Severity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the route file: a good change is compiled and swapped in as one step, a bad one is
 * reported and changes nothing.
 *
 * <p>Looks at the file twice a second rather than asking the kernel to be told: renames, bind
 * mounts and network file systems lose notifications, and half a second is soon enough.
 */
public final class RouteReloader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RouteReloader.class);
  private static final long PERIOD_MILLIS = 500;

  private final Path file;
  private final GenerationFactory factory;
  private final RouteControl control;
  private final Counter applied;
  private final Counter rejected;
  private final Counter unchanged;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().name("weir-reload").daemon().unstarted(task));
  private FileStamp seen;

  /**
   * Prepares to follow {@code file}. The first look reads it again, whatever its state: it may have
   * changed since it was read for the start.
   */
  public RouteReloader(
      Path file, GenerationFactory factory, RouteControl control, MeterRegistry meters) {
    this.file = file;
    this.factory = factory;
    this.control = control;
    this.seen = FileStamp.UNSEEN;
    this.applied = meters.counter(GatewayMetrics.RELOAD, "outcome", "applied");
    this.rejected = meters.counter(GatewayMetrics.RELOAD, "outcome", "rejected");
    this.unchanged = meters.counter(GatewayMetrics.RELOAD, "outcome", "unchanged");
    Gauge.builder(GatewayMetrics.RELOAD_OK, control, c -> c.state().problems().isEmpty() ? 1 : 0)
        .register(meters);
    Gauge.builder(GatewayMetrics.ROUTE_GENERATION, control, c -> c.get().number()).register(meters);
    Gauge.builder(GatewayMetrics.ROUTES, control, c -> c.get().table().routes().size())
        .register(meters);
  }

  /** Starts to follow the file. */
  public void start() {
    var _ =
        thread.scheduleWithFixedDelay(
            this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    FileStamp now = FileStamp.of(file);
    if (now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      reload();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // The thread must outlive a defect, also one of a plug-in, or the file would silently stop
      // being followed; and the gauge must tell.
      LOG.atError().setCause(e).log("reload failed inside the gateway");
      reject(List.of(defect(e)));
    }
  }

  private void reload() {
    switch (RouteFile.read(file)) {
      case RouteFile.Outcome.Broken(List<Problem> problems) -> reject(problems);
      case RouteFile.Outcome.Compiled(RouteTable table, List<Problem> warnings) -> {
        warnings.forEach(warning -> LOG.warn("route file: {}", warning.text()));
        apply(table);
      }
    }
  }

  private void apply(RouteTable table) {
    Generation serving = control.get();
    if (table.revision().equals(serving.table().revision())) {
      control.swap(serving);
      unchanged.increment();
      return;
    }
    switch (factory.create(serving.number() + 1, table)) {
      case GenerationFactory.Outcome.Failed(List<Problem> problems) -> reject(problems);
      case GenerationFactory.Outcome.Created(Generation next) -> {
        control.swap(next);
        factory.retire(next);
        applied.increment();
        LOG.atInfo()
            .addKeyValue("generation", next.number())
            .addKeyValue("revision", table.revision())
            .addKeyValue("routes", table.routes().size())
            .log("route file applied");
      }
    }
  }

  private Problem defect(Throwable cause) {
    return new Problem(
        file.toString(),
        1,
        1,
        Severity.ERROR,
        ProblemCode.GATEWAY_DEFECT,
        "the gateway failed on this file: " + cause.getClass().getSimpleName(),
        "a file that this gateway and its plug-ins can load",
        "undo the last change; the log has the cause");
  }

  private void reject(List<Problem> problems) {
    control.reject(problems);
    rejected.increment();
    LOG.atError()
        .addKeyValue("problems", problems.stream().map(Problem::text).toList())
        .addKeyValue("serving", control.get().number())
        .log("route file rejected, the old generation serves on");
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
