package dev.weir.bench.contender;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How to start a contender.
 *
 * @param name also of its folder below the work folder
 * @param port its TLS listener
 * @param output where its standard output goes
 */
public record Launch(
    String name,
    int port,
    List<String> command,
    Map<String, String> environment,
    Path output,
    Path errors) {

  public Launch {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
