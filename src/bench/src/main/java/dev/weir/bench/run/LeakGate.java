package dev.weir.bench.run;

import dev.weir.bench.contender.Contender;
import dev.weir.bench.load.Protocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the buffers that Weir lost. Netty tells of one when it was collected and the next one is
 * taken, so a collection and some more requests come before a contender is stopped.
 */
final class LeakGate {
  /** What a JVM is told so that every buffer is tracked; more than the launcher's options say. */
  static final String PARANOID = "-Dio.netty.leakDetection.level=paranoid";

  private static final Duration SOME_REQUESTS = Duration.ofMillis(500);
  private static final String MARK = "LEAK: ";

  private final Measurement measurement;

  LeakGate(Measurement measurement) {
    this.measurement = measurement;
  }

  /** Makes Netty tell what it lost so far. */
  void flush(Contender weir, Task task) throws IOException, InterruptedException {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var pid = Long.toString(weir.process().pid());
    int status =
        new ProcessBuilder(jcmd, pid, "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IOException("jcmd GC.run ended with status " + status);
    }
    var _ = measurement.closed(weir, Protocol.H1, task, SOME_REQUESTS);
  }

  /** The lines of all logs below the folder that tell of a lost buffer. */
  static List<String> leaks(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".log") || file.toString().endsWith(".err"))
          .flatMap(LeakGate::leaksIn)
          .toList();
    }
  }

  private static Stream<String> leaksIn(Path log) {
    // An access log holds whatever a client sent.
    try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      return lines.filter(line -> line.contains(MARK)).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
