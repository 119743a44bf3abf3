package dev.weir.drills.drill;

import dev.weir.bench.load.Protocol;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Lane;
import dev.weir.drills.report.Criterion;
import dev.weir.drills.stand.Stand;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What tokens are judged by goes wrong: the issuer's keys, or its clock. */
final class TokenDrills {
  private static final int USUAL_SECONDS = 20;
  private static final String PATH = "/free/item";
  private static final double RATE = 100;
  private static final double NEARLY_ALL = 0.995;
  private static final Duration NOTICED = Duration.ofSeconds(1);

  /** Whoever cannot read the keys tries again each ten seconds at the latest. */
  private static final Duration BACK = Duration.ofSeconds(11);

  private static final Duration WITHIN = Duration.ofSeconds(20);
  private static final Duration BEYOND = Duration.ofSeconds(60);
  private static final Duration LIFETIME = Duration.ofMinutes(5);

  private TokenDrills() {}

  static Drill jwksDown() {
    return new FaultDrill(
        "jwks-down",
        45,
        "the issuer's keys cannot be read, and it turns to a new one meanwhile",
        stand -> {
          var turned = new AtomicBoolean();
          var old = stand.token("old");
          var fresh = stand.issuers().next().token("new");
          return new Scene(
              List.of(
                  new Lane("known key", Call.get(PATH, old), Protocol.H1, RATE),
                  new Lane(
                      "new key",
                      Call.get(PATH, () -> turned.get() ? fresh : old),
                      Protocol.H2,
                      RATE)),
              List.of(
                  Step.breaks(
                      Scene.BREAK,
                      "keys away, new key in use",
                      () -> {
                        stand.keys().goAway();
                        stand.issuers().turnOver();
                        turned.set(true);
                      }),
                  Step.mends(Scene.MEND, "keys can be read", stand.keys()::comeBack)),
              TokenDrills::judgeKeys);
        });
  }

  private static List<Criterion> judgeKeys(Seen run) {
    var unknown = run.during("new key", NOTICED);
    return List.of(
        Criterion.shareAtLeast(
            "tokens of the known key, served", NEARLY_ALL, run.whole("known key").goodShare()),
        Criterion.never("tokens of a key nobody has seen, let in", unknown.good()),
        Criterion.seen(
            "of them, 503 identity-unavailable", unknown.refused("503 identity-unavailable")),
        Criterion.never("of them, 401, as if the caller were at fault", unknown.refusedWith("401")),
        Criterion.shareAtLeast(
            "tokens of the new key, served from 11 s after",
            NEARLY_ALL,
            run.after("new key", BACK).goodShare()),
        Criterion.never("requests that failed in other ways", run.failures()));
  }

  static Drill clockSkew() {
    return new FaultDrill(
        "clock-skew",
        USUAL_SECONDS,
        "the issuer's clock runs 20 s or 60 s ahead or behind, where 30 s are forgiven",
        stand -> {
          var wrong = new AtomicBoolean();
          return new Scene(
              List.of(
                  lane(stand, "20 s ahead", WITHIN, wrong),
                  lane(stand, "20 s behind", WITHIN.negated(), wrong),
                  lane(stand, "60 s ahead", BEYOND, wrong),
                  lane(stand, "60 s behind", BEYOND.negated(), wrong)),
              List.of(
                  Step.breaks(Scene.BREAK, "clocks apart", () -> wrong.set(true)),
                  Step.mends(Scene.MEND, "clocks agree", () -> wrong.set(false))),
              TokenDrills::judgeClocks);
        });
  }

  /** Tokens of an issuer whose clock is off: ahead, just issued; behind, just run out. */
  private static Lane lane(Stand stand, String name, Duration off, AtomicBoolean wrong)
      throws GeneralSecurityException {
    var tokens = new MintedTokens(stand.issuers().current(), name.replace(' ', '-'));
    return new Lane(
        name,
        Call.get(
            PATH,
            () -> {
              if (!wrong.get()) {
                return tokens.issued(Duration.ZERO, LIFETIME);
              }
              return off.isNegative()
                  ? tokens.issued(LIFETIME.negated(), off)
                  : tokens.issued(off, LIFETIME);
            }),
        off.isNegative() ? Protocol.H1 : Protocol.H2,
        RATE);
  }

  private static List<Criterion> judgeClocks(Seen run) {
    var ahead = run.during("60 s ahead", NOTICED);
    var behind = run.during("60 s behind", NOTICED);
    return List.of(
        Criterion.shareAtLeast(
            "20 s ahead, served", NEARLY_ALL, run.whole("20 s ahead").goodShare()),
        Criterion.shareAtLeast(
            "20 s behind, served", NEARLY_ALL, run.whole("20 s behind").goodShare()),
        Criterion.never("60 s ahead, let in", ahead.good()),
        Criterion.never("60 s behind, let in", behind.good()),
        Criterion.seen("60 s ahead, 401 token-invalid", ahead.refused("401 token-invalid")),
        Criterion.seen("60 s behind, 401 token-invalid", behind.refused("401 token-invalid")),
        Criterion.shareAtLeast(
            "60 s ahead, served again at once",
            NEARLY_ALL,
            run.after("60 s ahead", NOTICED).goodShare()),
        Criterion.never("requests that failed in other ways", run.failures()));
  }
}
