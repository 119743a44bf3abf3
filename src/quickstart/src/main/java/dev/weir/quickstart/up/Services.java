package dev.weir.quickstart.up;

import dev.weir.quickstart.process.Launch;
import dev.weir.quickstart.process.Part;
import dev.weir.quickstart.process.SocketReadiness;
import dev.weir.quickstart.process.Upkeep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Describes the Java processes of a run: the two services that ship, and the demo behind them. */
final class Services {
  // They live for a demo: compiling hard would only take the cores from the services under test.
  private static final List<String> DEMO_FLAGS =
      List.of(
          "-Xmx96m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dreactor.netty.native=false",
          "-Dreactor.netty.ioWorkerCount=2");

  private final Settings settings;
  private final StateFolder state;
  private final Jars jars;

  Services(Settings settings, StateFolder state, Jars jars) {
    this.settings = settings;
    this.state = state;
    this.jars = jars;
  }

  /**
   * The variables of the service, those of the person at the terminal over those of the quickstart.
   */
  Part gateway(Map<String, String> quickstart) throws IOException {
    var environment = new HashMap<>(quickstart);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    settings
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith("WEIR_") && !name.startsWith("WEIR_AUTH_") && !isOurs(name)) {
                environment.put(name, value);
              }
            });
    return service(
        "gateway",
        List.of(jars.gateway().toString(), mark("gateway")),
        List.of(PortSetting.EDGE, PortSetting.MANAGEMENT),
        environment);
  }

  Part auth(Map<String, String> quickstart) throws IOException {
    var environment = new HashMap<>(quickstart);
    settings
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith("WEIR_AUTH_")) {
                environment.put(name, value);
              }
            });
    var command = java("auth-service", List.of("@" + jars.authOptions()));
    command.addAll(List.of("-jar", jars.auth().toString()));
    return service(
        "auth-service",
        command,
        List.of(PortSetting.AUTH, PortSetting.AUTH_MANAGEMENT),
        environment);
  }

  Part orders(String instance, PortSetting port, PortSetting peer) throws IOException {
    var arguments = List.of("orders", instance, number(port), number(peer));
    return demo("orders-" + instance, port, arguments);
  }

  Part echo() throws IOException {
    return demo("echo", PortSetting.ECHO, List.of("echo", number(PortSetting.ECHO)));
  }

  private Part service(
      String name,
      List<String> command,
      List<PortSetting> portAndManagement,
      Map<String, String> environment)
      throws IOException {
    return new Part(
        name,
        settings.ports().get(portAndManagement.getFirst()),
        new Launch(command, environment, "TERM"),
        state.newLog(name),
        SocketReadiness.http(settings.ports().get(portAndManagement.getLast()), "/readyz"),
        Upkeep.ESSENTIAL);
  }

  private Part demo(String name, PortSetting port, List<String> arguments) throws IOException {
    int number = settings.ports().get(port);
    var command = java(name, DEMO_FLAGS);
    command.addAll(List.of("-jar", jars.quickstart().toString()));
    command.addAll(arguments);
    return new Part(
        name,
        number,
        new Launch(command, Map.of(), "TERM"),
        state.newLog(name),
        SocketReadiness.http(number, "/readyz"),
        Upkeep.RESTARTED);
  }

  private String number(PortSetting port) {
    return Integer.toString(settings.ports().get(port));
  }

  private List<String> java(String name, List<String> flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(mark(name));
    command.addAll(flags);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    return command;
  }

  /** Early in the line, so that a later start knows its own orphans by it. */
  private String mark(String name) {
    return "-Dweir.part=" + name + "@" + state.resolve("");
  }

  private static boolean isOurs(String variable) {
    if (List.of("WEIR_STATE_DIR", "WEIR_RESTART_DELAY").contains(variable)) {
      return true;
    }
    for (var setting : PortSetting.values()) {
      if (setting.variable().equals(variable)) {
        return true;
      }
    }
    return false;
  }
}
