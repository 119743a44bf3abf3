package dev.weir.drills.drill;

import dev.weir.bench.contender.Contender;
import dev.weir.bench.contender.Mode;
import dev.weir.bench.contender.PeerLaunch;
import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.load.Protocol;
import dev.weir.bench.process.Placement;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Lane;
import dev.weir.drills.report.Verdict;
import dev.weir.drills.stand.Stand;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Offers two, five and ten times of what can be served, in three classes. What can be served is up
 * to the upstream: so many workers, each so long, and a queue in front of them that nobody bounds.
 * That is what an upstream is like, and where a gateway that lets all through makes all fail.
 */
final class OverloadDrill implements Drill {
  /** The classes from the dearest to the one that goes first, and their shares of the load. */
  static final List<String> CLASSES = List.of("critical", "normal", "low");

  static final List<Integer> FACTORS = List.of(2, 5, 10);

  private static final List<Double> SHARES = List.of(0.05, 0.35, 0.6);
  private static final int WORKERS = 16;
  private static final Duration SERVICE = Duration.ofMillis(20);
  private static final Duration CAPACITY_TIME = Duration.ofSeconds(4);
  private static final double UNLOADED = 0.5;

  /** Of what the workers would do without any pause between two requests. */
  private static final double SURELY = 0.9;

  private static final String ANY = "/api/normal/item";

  @Override
  public String name() {
    return "overload";
  }

  @Override
  public String summary() {
    return "two, five and ten times of what can be served is offered, in three classes";
  }

  @Override
  public int usualSeconds() {
    return 40;
  }

  @Override
  public Findings run(Options options, Room room)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    try (var stand = new Stand(room.home(), room.folder())) {
      room.out().printf("starting Redis, upstreams and %s%n", options.contender());
      var contender = start(stand, options.contender());
      stand.catalogue().takes(SERVICE);
      stand.catalogue().workers(WORKERS);
      double capacity = capacity(stand, contender, room);
      try (var load = stand.load(contender.port())) {
        var rehearsal = new Rehearsal(load, lanes(UNLOADED * capacity), room.out());
        rehearsal.warmUp();
        var cpu = new ArrayList<Long>();
        rehearsal.run(
            stretches(capacity, options.length()), () -> cpu.add(contender.tree().cpuNanos()));
        var judge = new OverloadJudge(rehearsal.seen(), capacity, cpu);
        var verdict = new Verdict(name(), judge.criteria(), judge.notes(options.contender()));
        return new Findings(verdict, rehearsal.seen());
      }
    }
  }

  private static Contender start(Stand stand, String name)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    if (name.equals(Options.CONTENDERS.getFirst())) {
      return stand.gateway("gateway", Placement.anywhere(), Map.of()).running();
    }
    var peer = name.equals("nginx") ? "nginx-lua" : name;
    var launch = new PeerLaunch(stand.setting()).of(peer, Mode.PLAIN);
    return stand.starter(Placement.anywhere()).start(launch, ANY, "");
  }

  /** What a closed loop gets answered that keeps all workers busy and no queue. */
  private static double capacity(Stand stand, Contender contender, Room room) throws IOException {
    double served = 0;
    for (int round = 1; round <= 2; round++) {
      room.out().printf("finding what it serves, %d s%n", CAPACITY_TIME.toSeconds());
      served = stand.closedLoop(contender.port(), ANY, CAPACITY_TIME);
    }
    // A contender that refuses while it is cold does not show what the upstream serves.
    double known = SURELY * WORKERS / (SERVICE.toMillis() / 1e3);
    room.out().printf("it serves %.0f a second, and %.0f surely%n", served, known);
    return Math.max(served, known);
  }

  private static List<Stretch> stretches(double capacity, Duration whole) {
    var each = whole.dividedBy(FACTORS.size() + 2L);
    var all = new ArrayList<Stretch>();
    all.add(new Stretch("unloaded", each, lanes(UNLOADED * capacity)));
    for (int factor : FACTORS) {
      all.add(new Stretch(factor + " times", each, lanes(factor * capacity)));
    }
    all.add(new Stretch("unloaded again", each, lanes(UNLOADED * capacity)));
    return all;
  }

  private static List<Lane> lanes(double total) {
    var lanes = new ArrayList<Lane>();
    for (int i = 0; i < CLASSES.size(); i++) {
      var name = CLASSES.get(i);
      var call = Call.get("/api/" + name + "/item", "");
      lanes.add(new Lane(name, call, Protocol.H2, total * SHARES.get(i)));
    }
    return lanes;
  }
}
