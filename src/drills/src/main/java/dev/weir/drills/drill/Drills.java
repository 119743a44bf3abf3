package dev.weir.drills.drill;

import dev.weir.bench.run.UsageException;
import java.util.List;
import java.util.stream.Collectors;

/** All there are. */
public final class Drills {
  private static final List<Drill> ALL =
      List.of(
          RedisDrills.down(),
          RedisDrills.slow(),
          UpstreamDrills.slow(),
          UpstreamDrills.down(),
          UpstreamDrills.flapping(),
          new OverloadDrill(),
          new RolloutDrill(),
          TokenDrills.jwksDown(),
          new PostgresDrill(),
          new RevocationDrill(),
          new LoginDrill(),
          new KeyRotationDrill(),
          new FailoverDrill(),
          new RedisRestartDrill(),
          TokenDrills.clockSkew());

  private Drills() {}

  /** The drill of this name. */
  public static Drill named(String name) throws UsageException {
    return ALL.stream()
        .filter(drill -> drill.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new UsageException(name.isEmpty() ? "which drill?" : "no such drill: " + name));
  }

  /** How to ask for one. */
  public static String usage() {
    return ALL.stream()
        .map(drill -> "  %-18s %s".formatted(drill.name(), drill.summary()))
        .collect(
            Collectors.joining(
                "\n",
                """
                usage: ./weir drill NAME [--seconds N | --minutes N] [--out FILE.svg]
                       rollout: [--restarts N]
                       overload: [--contender weir | nginx | stock-host]

                """,
                """

                  shared-limit       gateways that share a limit: --rate, --kill, --minutes and more
                  redis-cluster      the same, and a master of a Redis Cluster dies
                  simulate           limits, shedding and retries in virtual time
                Against a running ./weir up:
                  endpoint-killed, routes-broken\
                """));
  }
}
