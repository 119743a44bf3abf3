package dev.weir.drills.stand;

import dev.weir.quickstart.up.PortSetting;
import dev.weir.quickstart.up.RouteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a whole system finds around itself: ports that nobody else listens on, limits that let one
 * machine act as many people, and the demo's routes on those ports.
 */
public record Surroundings(Map<String, String> variables) {
  private static final String DEMO = "deploy/quickstart/routes.yaml";

  /** One machine acts as many people. */
  private static final String LOGIN_RATE = "rate: 20/1s, burst: 40";

  private static final String ANY_RATE = "rate: 100000/1s, burst: 100000";

  public Surroundings {
    variables = Map.copyOf(variables);
  }

  /**
   * Chooses free ports.
   *
   * @param restartDelay how long a part that was killed stays away
   * @param more variables that go before all others
   */
  public static Surroundings choose(Duration restartDelay, Map<String, String> more)
      throws IOException {
    var variables = PortSetting.elsewhere();
    variables.put("WEIR_RESTART_DELAY", Long.toString(Math.max(1, restartDelay.toSeconds())));
    variables.put("WEIR_AUTH_LIMIT_REGISTER", "1000/1h");
    variables.put("WEIR_AUTH_LIMIT_LOGIN_ADDRESS", "100000/5m");
    variables.put("WEIR_AUTH_LIMIT_LOGIN_IDENTITY", "100000/15m");
    variables.put("WEIR_ACCESS_LOG", "off");
    variables.putAll(more);
    return new Surroundings(variables);
  }

  /** The same with more variables. */
  public Surroundings with(Map<String, String> more) {
    var all = new HashMap<>(variables);
    all.putAll(more);
    return new Surroundings(all);
  }

  /** The port that a variable names. */
  public int port(String variable) {
    return Integer.parseInt(variables.getOrDefault(variable, "0"));
  }

  Map<String, String> variables(Path state) {
    return with(Map.of("WEIR_STATE_DIR", state.toString())).variables();
  }

  /** The demo's routes with ports of our own, and without its bound on logins. */
  String routes(Path home) throws IOException {
    var demo = Files.readString(home.resolve(DEMO));
    if (!demo.contains(LOGIN_RATE)) {
      throw new IOException(DEMO + " has no '" + LOGIN_RATE + "' any more");
    }
    return RouteFile.fit(demo.replace(LOGIN_RATE, ANY_RATE), variables);
  }
}
