package dev.weir.quickstart.up;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How {@code ./weir up} was called.
 *
 * @param home the root of the checkout
 * @param state the folder of everything a run leaves behind
 * @param routes the route file the person named, if any
 * @param environment the variables the launcher inherited
 */
record Settings(
    Path home,
    Path state,
    Optional<Path> routes,
    boolean fresh,
    Ports ports,
    Duration restartDelay,
    Map<String, String> environment) {

  Settings {
    environment = Map.copyOf(environment);
  }

  static Settings of(List<String> arguments, Map<String, String> environment) {
    var home = Path.of(System.getProperty("weir.home", ".")).toAbsolutePath().normalize();
    var state = Optional.ofNullable(environment.get("WEIR_STATE_DIR")).map(Path::of);
    var routes = Optional.<Path>empty();
    boolean fresh = false;
    var rest = arguments.iterator();
    while (rest.hasNext()) {
      var argument = rest.next();
      if (argument.equals("--fresh")) {
        fresh = true;
      } else if (argument.equals("--routes") && rest.hasNext()) {
        routes = Optional.of(routeFile(rest.next()));
      } else {
        throw new UsageException(
            "usage: ./weir up [--routes FILE] [--fresh], not '" + argument + "'");
      }
    }
    return new Settings(
        home,
        state.orElse(home.resolve(".weir")).toAbsolutePath().normalize(),
        routes,
        fresh,
        Ports.of(environment),
        restartDelay(environment.getOrDefault("WEIR_RESTART_DELAY", "1")),
        environment);
  }

  private static Path routeFile(String name) {
    var file = Path.of(name).toAbsolutePath().normalize();
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UsageException("no readable route file: " + name);
    }
    return file;
  }

  private static Duration restartDelay(String text) {
    if (!text.matches("\\d{1,4}")) {
      throw new UsageException("WEIR_RESTART_DELAY must be whole seconds and is '" + text + "'");
    }
    return Duration.ofSeconds(Integer.parseInt(text));
  }
}
