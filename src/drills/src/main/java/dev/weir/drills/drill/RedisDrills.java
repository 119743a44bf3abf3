package dev.weir.drills.drill;

import dev.weir.bench.load.Protocol;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Lane;
import dev.weir.drills.report.Criterion;
import dev.weir.drills.stand.Stand;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;

/** Redis, where the limits are kept, is lost or slow. Each limit does what its route file says. */
final class RedisDrills {
  private static final int USUAL_SECONDS = 30;
  private static final Duration SLOW = Duration.ofMillis(200);

  /** What was leased lasts a second; then it takes a few failures to believe that Redis is gone. */
  private static final Duration NOTICED = Duration.ofSeconds(2);

  private static final Duration BACK = Duration.ofSeconds(3);
  private static final double NEARLY_ALL = 0.995;
  private static final double LIMIT_PER_SECOND = 100;
  private static final double LIMIT_ON_TOP = 150;
  private static final double BEARABLE_MILLIS = 250;

  private RedisDrills() {}

  static Drill down() {
    return new FaultDrill(
        "redis-down",
        USUAL_SECONDS,
        "Redis is killed, and started again empty",
        stand ->
            scene(
                stand,
                List.of(
                    Step.breaks(Scene.BREAK, "Redis killed", stand.redis()::kill),
                    Step.mends(Scene.MEND, "Redis runs", stand.redis()::startAgain))));
  }

  static Drill slow() {
    return new FaultDrill(
        "redis-slow",
        USUAL_SECONDS,
        "Redis answers 400 ms late, where 50 ms are waited for",
        stand ->
            scene(
                stand,
                List.of(
                    Step.breaks(Scene.BREAK, "Redis slow", () -> stand.redisLine().delay(SLOW)),
                    Step.mends(
                        Scene.MEND, "Redis quick", () -> stand.redisLine().delay(Duration.ZERO)))));
  }

  private static Scene scene(Stand stand, List<Step> steps) throws GeneralSecurityException {
    var lanes =
        List.of(
            lane(stand, "local", Protocol.H1, 150),
            lane(stand, "open", Protocol.H2, 100),
            lane(stand, "closed", Protocol.H2, 100),
            lane(stand, "hundred", Protocol.H1, 200));
    return new Scene(lanes, steps, RedisDrills::judge);
  }

  private static Lane lane(Stand stand, String limit, Protocol protocol, double rate)
      throws GeneralSecurityException {
    return new Lane(
        limit, Call.get("/limit/" + limit + "/item", stand.token(limit)), protocol, rate);
  }

  private static List<Criterion> judge(Seen run) {
    var hundred = run.during("hundred", Duration.ZERO);
    double allowed = LIMIT_PER_SECOND * hundred.seconds() + LIMIT_ON_TOP;
    var closed = run.during("closed", NOTICED);
    return List.of(
        Criterion.shareAtLeast(
            "on-redis-loss: local, served", NEARLY_ALL, run.whole("local").goodShare()),
        Criterion.shareAtLeast(
            "on-redis-loss: open, served", NEARLY_ALL, run.whole("open").goodShare()),
        Criterion.shareAtLeast(
            "on-redis-loss: closed, refused while it was away",
            NEARLY_ALL,
            closed.sent() == 0 ? 0 : (double) closed.refused() / closed.sent()),
        Criterion.shareAtLeast(
            "on-redis-loss: closed, served from 3 s after",
            NEARLY_ALL,
            run.after("closed", BACK).goodShare()),
        new Criterion(
            "a caller's 100/s, local, let pass while it was away",
            "%,.0f or less".formatted(allowed),
            "%,d".formatted(hundred.good()),
            hundred.good() <= allowed),
        Criterion.millisAtMost(
            "local, p99 while it was away",
            BEARABLE_MILLIS,
            run.during("local", Duration.ZERO).goodMillis(0.99)),
        Criterion.never("requests that failed in other ways", run.failures()));
  }
}
