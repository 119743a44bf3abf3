package dev.weir.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** The machine that the figures hold for. */
final class Environment {
  private static final Path CPUS = Path.of("/proc/cpuinfo");

  private Environment() {}

  static Map<String, String> describe() throws IOException {
    var facts = new TreeMap<String, String>();
    facts.put("at", Instant.now().toString());
    facts.put("java", Runtime.version().toString());
    facts.put("kernel", System.getProperty("os.version"));
    facts.put("architecture", System.getProperty("os.arch"));
    facts.put("cpu", cpu());
    return facts;
  }

  private static String cpu() throws IOException {
    try (var lines = Files.lines(CPUS)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    }
  }
}
