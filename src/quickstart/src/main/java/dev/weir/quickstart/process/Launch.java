package dev.weir.quickstart.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a process is started and asked to end.
 *
 * @param environment variables on top of what the launcher inherited
 * @param endSignal the signal that asks for an orderly end, as {@code kill} spells it
 */
public record Launch(List<String> command, Map<String, String> environment, String endSignal) {
  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** Starts the process with both outputs appended to the log. */
  public Process start(Path log) throws IOException {
    var builder = new ProcessBuilder(command);
    // What the launcher was configured with reaches a part only where its specification says so:
    // the services
    // refuse variables they do not know.
    builder.environment().keySet().removeIf(name -> name.startsWith("WEIR_"));
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    return builder.start();
  }
}
