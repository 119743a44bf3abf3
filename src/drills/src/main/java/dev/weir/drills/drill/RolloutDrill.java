package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.load.Protocol;
import dev.weir.bench.process.Placement;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Lane;
import dev.weir.drills.report.Criterion;
import dev.weir.drills.report.Verdict;
import dev.weir.drills.stand.Balancer;
import dev.weir.drills.stand.Edge;
import dev.weir.drills.stand.Stand;
import dev.weir.drills.timeline.Mark;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gateways behind a balancer are restarted one after the other, as an upgrade does it. */
final class RolloutDrill implements Drill {
  private static final int GATEWAYS = 2;
  private static final double RATE = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** Clients' connections rest for a second at most, so that within this each has said its turn. */
  private static final Map<String, String> DRAIN =
      Map.of(
          "WEIR_DRAIN_GRACE", "2s",
          "WEIR_DRAIN_TIMEOUT", "10s",
          "WEIR_REDIS_INSTANCES", Integer.toString(GATEWAYS));

  @Override
  public String name() {
    return "rollout";
  }

  @Override
  public String summary() {
    return "gateways behind a balancer are restarted one after the other";
  }

  @Override
  public int usualSeconds() {
    return 45;
  }

  @Override
  public Findings run(Options options, Room room)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    try (var stand = new Stand(room.home(), room.folder())) {
      var gateways = new ArrayList<Edge>();
      for (int i = 1; i <= GATEWAYS; i++) {
        room.out().printf("starting gateway %d of %d%n", i, GATEWAYS);
        gateways.add(stand.gateway("gateway-" + i, Placement.anywhere(), DRAIN));
      }
      var balancer = stand.balancer(gateways);
      Thread.sleep(Balancer.NOTICES);
      try (var load = stand.load(balancer.port())) {
        var rehearsal = new Rehearsal(load, lanes(stand), room.out());
        rehearsal.warmUp();
        var statuses = new ArrayList<Integer>();
        rehearsal.runThrough(restarts(options.restarts(), gateways, statuses));
        var notes =
            List.of(
                "%d restarts behind %s; streams sent again as a GOAWAY said they were not begun: %d"
                    .formatted(statuses.size(), balancer.name(), load.resent()));
        var verdict = new Verdict(name(), judge(rehearsal.seen(), statuses), notes);
        return new Findings(verdict, rehearsal.seen());
      }
    }
  }

  private static List<Lane> lanes(Stand stand) throws GeneralSecurityException {
    var token = stand.token("customer");
    return List.of(
        new Lane("HTTP/1.1", Call.get("/limit/local/item", token), Protocol.H1, RATE),
        new Lane("HTTP/2", Call.get("/limit/local/item", token), Protocol.H2, RATE));
  }

  private static List<Step> restarts(int count, List<Edge> gateways, List<Integer> statuses) {
    var steps = new ArrayList<Step>();
    for (int i = 0; i < count; i++) {
      var gateway = gateways.get(i % gateways.size());
      var label = "%d".formatted(i % gateways.size() + 1);
      steps.add(
          new Step(
              0, Mark.Kind.BREAK, label + " SIGTERM", () -> statuses.add(gateway.drain(PATIENCE))));
      steps.add(
          new Step(
              0,
              Mark.Kind.MEND,
              label + " up",
              () -> {
                gateway.startAgain();
                Thread.sleep(Balancer.NOTICES);
              }));
    }
    return steps;
  }

  private static List<Criterion> judge(Seen run, List<Integer> statuses) {
    return List.of(
        Criterion.seen("requests of HTTP/1.1 and HTTP/2", run.whole().sent()),
        Criterion.never("requests that failed, HTTP/1.1", run.whole("HTTP/1.1").failed()),
        Criterion.never("requests that failed, HTTP/2", run.whole("HTTP/2").failed()),
        Criterion.never("requests that were refused", run.whole().refused()),
        Criterion.never(
            "gateways that did not end by themselves with 0",
            statuses.stream().filter(status -> status != 0).count()));
  }
}
