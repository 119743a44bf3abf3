package dev.weir.quickstart.up;

import dev.weir.quickstart.certificate.LocalAuthority;
import dev.weir.quickstart.process.Orphans;
import dev.weir.quickstart.process.Part;
import dev.weir.quickstart.process.PidFile;
import dev.weir.quickstart.process.StartFailedException;
import dev.weir.quickstart.process.Supervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One run of the whole system.
 *
 * <p>Order of the start: Redis, Postgres, the demo and the gateway at once; the auth service once
 * its database is there. Order of the end: the gateway first, so that it drains while everything
 * behind it still answers.
 */
final class Run {
  private static final Duration DRAIN = Duration.ofSeconds(40);
  private static final Duration SHORT = Duration.ofSeconds(10);

  private final Settings settings;
  private final StateFolder state;
  private final Consumer<String> report;
  private final Supervisor supervisor;
  private final SecureRandom random = new SecureRandom();
  private boolean stopped;
  private final AtomicInteger exitStatus = new AtomicInteger();

  Run(Settings settings, StateFolder state, Consumer<String> report) {
    this.settings = settings;
    this.state = state;
    this.report = report;
    this.supervisor =
        new Supervisor(report, new PidFile(state.resolve("pids")), settings.restartDelay());
  }

  /** Starts everything and returns the exit status once the run cannot go on. */
  int untilFailure() throws IOException, GeneralSecurityException {
    long begin = System.nanoTime();
    prepareFolder();
    refuseTakenPorts();
    var authority = new LocalAuthority(state.resolve("ca"), Instant.now(), random);
    if (authority.refresh()) {
      report.accept("made a certificate for localhost in " + state.resolve("ca"));
    }
    var routes = routes();
    Runtime.getRuntime().addShutdownHook(new Thread(this::endOnRequest, "end"));
    var auth = new AuthVariables(settings, state.resolve(""), random);
    startAll(new Wiring(settings, authority, routes, auth))
        .thenRun(
            () -> {
              report.accept("everything is up after " + seconds(begin));
              System.out.print(new Tour(settings, routes, authority.authorityFile()).text());
            })
        .exceptionally(this::fail);
    var reason = supervisor.failure().join();
    System.err.println("weir: " + reason);
    exitStatus.set(1);
    stopAll();
    return 1;
  }

  private void prepareFolder() throws IOException {
    Orphans.end(state.resolve("pids"), state.resolve("").toString(), report);
    if (settings.fresh()) {
      state.clear();
    }
  }

  private void refuseTakenPorts() {
    var taken = settings.ports().taken();
    if (!taken.isEmpty()) {
      throw new StartFailedException(String.join("\n", taken));
    }
  }

  private Path routes() throws IOException {
    if (settings.routes().isPresent()) {
      return settings.routes().get();
    }
    var tracked = settings.home().resolve("deploy/quickstart/routes.yaml");
    return RouteFile.place(tracked, state.resolve("routes.yaml"), settings.ports());
  }

  private CompletableFuture<Void> startAll(Wiring wiring) throws IOException {
    var services = new Services(settings, state, Jars.take(settings.home(), state.resolve("jars")));
    var stores = new Stores(settings.ports(), state, random);
    return CompletableFuture.allOf(
        inParallel(stores::prepareRedis)
            .thenCompose(this::start)
            .thenApply(_ -> call(() -> services.gateway(wiring.gateway())))
            .thenCompose(this::start),
        inParallel(stores::preparePostgres)
            .thenCompose(this::start)
            .thenRun(() -> call(() -> stores.createDatabase()))
            .thenApply(_ -> call(() -> services.auth(wiring.auth().map())))
            .thenCompose(this::start),
        start(services.orders("a", PortSetting.ORDERS_A, PortSetting.ORDERS_B)),
        start(services.orders("b", PortSetting.ORDERS_B, PortSetting.ORDERS_A)),
        start(services.echo()));
  }

  private CompletableFuture<Void> start(Part part) {
    return supervisor
        .start(part)
        .thenAccept(
            took ->
                report.accept(
                    "%-13s ready after %.1f s".formatted(part.name(), took.toMillis() / 1e3)));
  }

  /** A step of the start that may fail in the ways files and processes do. */
  private interface Step<T> {
    T run() throws IOException, InterruptedException;
  }

  private static <T> CompletableFuture<T> inParallel(Step<T> step) {
    return CompletableFuture.supplyAsync(() -> call(step), Thread::startVirtualThread);
  }

  private static <T> T call(Step<T> step) {
    try {
      return step.run();
    } catch (IOException e) {
      throw new StartFailedException(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartFailedException("interrupted");
    }
  }

  private Void fail(Throwable cause) {
    var root =
        cause instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : cause;
    var line = root instanceof StartFailedException refusal ? refusal.line() : root.toString();
    supervisor.giveUp(line);
    throw new CompletionException(root);
  }

  /** Runs on SIGINT and SIGTERM, and after a failure, when everything has been stopped already. */
  private void endOnRequest() {
    stopAll();
    Runtime.getRuntime().halt(exitStatus.get());
  }

  /** Runs once: after a failure the shutdown hook comes by as well. */
  private synchronized void stopAll() {
    if (stopped) {
      return;
    }
    stopped = true;
    report.accept("ending: first the gateway, which drains, then what stands behind it");
    try {
      supervisor.stop(List.of("gateway"), DRAIN);
      supervisor.stop(List.of("auth-service"), DRAIN);
      supervisor.stop(List.of("orders-a", "orders-b", "echo"), SHORT);
      supervisor.stop(List.of("redis", "postgres"), DRAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String seconds(long begin) {
    return "%.1f s".formatted((System.nanoTime() - begin) / 1e9);
  }
}
