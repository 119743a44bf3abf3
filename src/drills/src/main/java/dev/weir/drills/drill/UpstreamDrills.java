package dev.weir.drills.drill;

import dev.weir.bench.load.Protocol;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Lane;
import dev.weir.drills.report.Criterion;
import dev.weir.drills.stand.ScriptedUpstream;
import dev.weir.drills.stand.Stand;
import dev.weir.drills.timeline.Mark;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One upstream is slow, away or unsteady; the other one must not notice. */
final class UpstreamDrills {
  private static final String ORDERS = "orders";
  private static final String OTHER = "catalogue";
  private static final int USUAL_SECONDS = 30;
  private static final Duration SLOW = Duration.ofSeconds(3);

  /** The attempts that were to tell take their second. */
  private static final Duration NOTICED = Duration.ofSeconds(3);

  private static final Duration BACK = Duration.ofSeconds(4);
  private static final double NEARLY_ALL = 0.995;
  private static final double AT_ONCE = 0.9;
  private static final double BEARABLE_MILLIS = 250;

  /** The route's deadline of two seconds, and what a busy machine adds. */
  private static final double LONGEST_MILLIS = 2_500;

  private static final int FLAPS = 7;

  private UpstreamDrills() {}

  static Drill slow() {
    return new FaultDrill(
        "upstream-slow",
        USUAL_SECONDS,
        "both instances of an upstream answer after 3 s, where 1 s is waited for",
        stand ->
            scene(
                stand,
                List.of(
                    Step.breaks(Scene.BREAK, "upstream slow", () -> all(stand, SLOW)),
                    Step.mends(Scene.MEND, "upstream quick", () -> all(stand, Duration.ZERO)))));
  }

  static Drill down() {
    return new FaultDrill(
        "upstream-down",
        USUAL_SECONDS,
        "both instances of an upstream are away",
        stand ->
            scene(
                stand,
                List.of(
                    Step.breaks(
                        Scene.BREAK,
                        "upstream away",
                        () -> stand.orders().forEach(ScriptedUpstream::goAway)),
                    Step.mends(
                        Scene.MEND,
                        "upstream back",
                        () -> stand.orders().forEach(ScriptedUpstream::comeBack)))));
  }

  static Drill flapping() {
    return new FaultDrill(
        "upstream-flapping",
        USUAL_SECONDS,
        "one of two instances of an upstream comes and goes",
        stand -> new Scene(lanes(stand), flaps(stand), UpstreamDrills::judgeFlapping));
  }

  private static void all(Stand stand, Duration time) {
    stand.orders().forEach(instance -> instance.takes(time));
  }

  private static List<Step> flaps(Stand stand) {
    var instance = stand.orders().getFirst();
    var steps = new ArrayList<Step>();
    steps.add(Step.breaks(Scene.BREAK, "flaps", instance::goAway));
    double step = (Scene.MEND - Scene.BREAK) / FLAPS;
    for (int i = 1; i < FLAPS; i++) {
      boolean returns = i % 2 == 1;
      steps.add(
          new Step(
              Scene.BREAK + i * step,
              Mark.Kind.STEP,
              returns ? "up" : "down",
              returns ? instance::comeBack : instance::goAway));
    }
    steps.add(Step.mends(Scene.MEND, "stays", instance::comeBack));
    return steps;
  }

  private static Scene scene(Stand stand, List<Step> steps) throws GeneralSecurityException {
    return new Scene(lanes(stand), steps, UpstreamDrills::judge);
  }

  private static List<Lane> lanes(Stand stand) throws GeneralSecurityException {
    var token = stand.token("customer");
    return List.of(
        new Lane(ORDERS, Call.get("/orders/item", token), Protocol.H1, 200),
        new Lane(OTHER, Call.get("/free/item", token), Protocol.H2, 200));
  }

  static List<Criterion> judge(Seen run) {
    var broken = run.during(ORDERS, NOTICED);
    return List.of(
        other(run),
        otherQuick(run),
        Criterion.shareAtLeast(
            "its own requests, refused at once by the breaker",
            AT_ONCE,
            broken.sent() == 0 ? 0 : (double) broken.refused("503 breaker-open") / broken.sent()),
        Criterion.millisAtMost(
            "the longest that anybody waited",
            LONGEST_MILLIS,
            run.whole(ORDERS).slowestMicros() / 1e3),
        Criterion.shareAtLeast(
            "its own requests, served from 4 s after",
            NEARLY_ALL,
            run.after(ORDERS, BACK).goodShare()),
        Criterion.never("requests that failed in other ways", run.failures()));
  }

  private static List<Criterion> judgeFlapping(Seen run) {
    return List.of(
        other(run),
        otherQuick(run),
        Criterion.shareAtLeast(
            "its own requests, served by the other instance",
            NEARLY_ALL,
            run.whole(ORDERS).goodShare()),
        Criterion.millisAtMost(
            "its own requests, p99 while it flapped",
            BEARABLE_MILLIS,
            run.during(ORDERS, Duration.ZERO).goodMillis(0.99)),
        Criterion.never("requests that failed in other ways", run.failures()));
  }

  private static Criterion other(Seen run) {
    return Criterion.shareAtLeast(
        "the other upstream's requests, served", NEARLY_ALL, run.whole(OTHER).goodShare());
  }

  private static Criterion otherQuick(Seen run) {
    return Criterion.millisAtMost(
        "the other upstream's p99 meanwhile",
        BEARABLE_MILLIS,
        run.during(OTHER, Duration.ZERO).goodMillis(0.99));
  }
}
