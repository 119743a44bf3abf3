package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.process.Placement;
import dev.weir.drills.report.Verdict;
import dev.weir.drills.stand.Stand;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;

/** One gateway, one thing that breaks and is mended. */
record FaultDrill(String name, int usualSeconds, String summary, Setting setting) implements Drill {

  /** Says what happens around a stand that runs. */
  interface Setting {
    Scene on(Stand stand) throws GeneralSecurityException;
  }

  @Override
  public Findings run(Options options, Room room)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    try (var stand = new Stand(room.home(), room.folder())) {
      room.out().println("starting Redis, upstreams and a gateway");
      var gateway = stand.gateway("gateway", Placement.anywhere(), Map.of());
      var scene = setting.on(stand);
      try (var load = stand.load(gateway.port())) {
        var rehearsal = new Rehearsal(load, scene.lanes(), room.out());
        rehearsal.warmUp();
        rehearsal.run(options.length(), scene.steps());
        var verdict = new Verdict(name, scene.judge().apply(rehearsal.seen()), List.of());
        return new Findings(verdict, rehearsal.seen());
      }
    }
  }
}
