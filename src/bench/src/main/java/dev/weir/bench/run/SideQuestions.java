package dev.weir.bench.run;

import dev.weir.bench.contender.Contender;
import dev.weir.bench.contender.Launch;
import dev.weir.bench.contender.Mode;
import dev.weir.bench.contender.PeerLaunch;
import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.contender.WeirLaunch;
import dev.weir.bench.load.Protocol;
import dev.weir.bench.report.Exclusion;
import dev.weir.bench.report.Results;
import dev.weir.bench.report.SideSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What only Weir is asked: what a refusal costs, what a long route table does, and what HTTP/2 to
 * the upstream costs.
 */
final class SideQuestions {
  private static final String FORWARDED = "forwarded";
  private static final List<Integer> TABLES = List.of(10, 1_000, 10_000);
  // While a bucket refills by one, or one request holds the only permit, a few answers are 200.
  private static final double FEW = 0.05;
  private static final Protocol TABLE_PROTOCOL = Protocol.H1;
  private static final Protocol HOST_PROTOCOL = Protocol.H1;
  private static final Protocol SHED_PROTOCOL = Protocol.H1;
  // What HTTP/2 from end to end costs.
  private static final Protocol UPSTREAM_PROTOCOL = Protocol.H2;

  private final Lab lab;
  private final Options options;
  private final Results results;
  private final Progress progress;
  private final Measurement measurement;

  SideQuestions(Lab lab, Options options, Results results, Progress progress) {
    this.lab = lab;
    this.options = options;
    this.results = results;
    this.progress = progress;
    this.measurement = new Measurement(lab, options.pace(), progress);
  }

  private record Cell(String name, Contender contender, Task task) {}

  void ask(Mode mode, Contender weir, Task forwarded) throws IOException, InterruptedException {
    if (options.pace().equals(Pace.QUICK)) {
      return;
    }
    var base = new Cell(FORWARDED, weir, forwarded);
    switch (mode) {
      case FULL -> measure("refusals", options.protocols(), refusals(base));
      case PLAIN -> askOthers(base);
      case JWT, THROTTLE -> {
        // Nothing that the other two do not show.
      }
    }
  }

  private List<Cell> refusals(Cell base) {
    var weir = base.contender();
    return List.of(
        base,
        new Cell("401 without a token", weir, Task.anonymous("/api/item", Map.of(401, 1.0))),
        new Cell(
            "429 over the limit",
            weir,
            new Task("/limited/item", lab.tokens(), Map.of(429, 1.0, 200, FEW))));
  }

  private void askOthers(Cell base) throws IOException, InterruptedException {
    var launch = new WeirLaunch(lab.setting());
    var others = new ArrayList<Contender>();
    try {
      others.add(start(launch.shedding(), base.task().path()));
      var shed = Task.anonymous("/slow/item", Map.of(503, 1.0, 200, FEW));
      measure(
          "shedding",
          EnumSet.of(SHED_PROTOCOL),
          List.of(base, new Cell("503", others.getLast(), shed)));
      measure("extension host", EnumSet.of(HOST_PROTOCOL), hosts(base, others));
      others.add(start(launch.http2(), base.task().path()));
      var http2 = new Cell("to an HTTP/2 upstream", others.getLast(), base.task());
      measure("upstream protocol", EnumSet.of(UPSTREAM_PROTOCOL), List.of(base, http2));
      var tables = new ArrayList<Cell>();
      for (int routes : TABLES) {
        var path = WeirLaunch.lastPath(routes);
        others.add(start(launch.table(routes), path));
        var name = "%,d routes, the last".formatted(routes);
        tables.add(new Cell(name, others.getLast(), answered(path)));
      }
      measure("route tables", EnumSet.of(TABLE_PROTOCOL), tables);
    } catch (UnfitException e) {
      var reason = String.valueOf(e.getMessage());
      results.add(new Exclusion(Mode.PLAIN.label(), "side questions", reason));
    } finally {
      others.forEach(contender -> lab.processes().stop(contender.process()));
    }
  }

  /** A route that names a stock filter, beside the stock host with the same filter. */
  private List<Cell> hosts(Cell base, List<Contender> others)
      throws IOException, UnfitException, InterruptedException {
    var path = "/hosted/item";
    others.add(start(new WeirLaunch(lab.setting()).hosting(), path));
    var hosted = new Cell("through the extension host", others.getLast(), answered(path));
    others.add(start(new PeerLaunch(lab.setting()).of("stock-host", Mode.PLAIN), path));
    return List.of(base, hosted, new Cell("the stock host", others.getLast(), answered(path)));
  }

  private static Task answered(String path) {
    return Task.anonymous(path, Map.of(200, 1.0));
  }

  private Contender start(Launch launch, String path)
      throws UnfitException, IOException, InterruptedException {
    progress.now("starting " + launch.name());
    return lab.starter().start(launch, path, "");
  }

  private void measure(String group, Set<Protocol> protocols, List<Cell> cells)
      throws IOException, InterruptedException {
    for (var protocol : protocols) {
      for (var cell : cells) {
        if (cell.name().equals(FORWARDED)) {
          // Rounds of it have just been measured.
          continue;
        }
        progress.now("%s: warming %s, %s".formatted(group, cell.name(), protocol.label()));
        // What goes wrong here goes wrong again below, where it is recorded.
        measurement.warm(cell.contender(), protocol, cell.task());
      }
      for (int round = 0; round < options.rounds(); round++) {
        for (var cell : cells) {
          progress.now(
              "%s: round %d of %d, %s, %s"
                  .formatted(group, round + 1, options.rounds(), protocol.label(), cell.name()));
          results.add(sample(group, protocol, cell, round));
        }
      }
    }
    if (options.leaks() == Options.Leaks.PARANOID) {
      for (var cell : cells) {
        new LeakGate(measurement).flush(cell.contender(), cell.task());
      }
    }
  }

  private SideSample sample(String group, Protocol protocol, Cell cell, int round) {
    var usage = measurement.closed(cell.contender(), protocol, cell.task());
    return new SideSample(
        group,
        protocol.label(),
        cell.name(),
        round,
        usage.outcome().perSecond(),
        usage.cpuMicros(),
        usage.fault());
  }
}
