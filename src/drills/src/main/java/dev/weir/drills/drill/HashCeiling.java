package dev.weir.drills.drill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the cores can hash if they do nothing else, asked of a {@link HashLoop} with the options of
 * the auth service's JVM: without them the compiler makes slower hashes in one process than in
 * another, and a share of such a ceiling says nothing. It ends by itself with this process, which
 * its input is from.
 */
final class HashCeiling implements AutoCloseable {
  /** By then the compiler has done with it. */
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  private final Process process;
  private final Writer input;
  private final BufferedReader output;

  private HashCeiling(Process process) {
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.US_ASCII);
    this.output = process.inputReader(StandardCharsets.US_ASCII);
  }

  /** Hashes a second on all cores, and what one takes of a core. */
  record Pace(long hashes, double seconds, double cpuMillis) {
    static final Pace NOTHING = new Pace(0, 0, 0);

    double perSecond() {
      return hashes / seconds;
    }

    double millisOfOne() {
      return cpuMillis / hashes;
    }

    Pace and(Pace other) {
      return new Pace(hashes + other.hashes, seconds + other.seconds, cpuMillis + other.cpuMillis);
    }
  }

  /** Starts it and lets it warm up. */
  static HashCeiling start(Path home) throws IOException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + home.resolve("auth-service/jvm.options"),
                "-cp",
                System.getProperty("java.class.path"),
                HashLoop.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var ceiling = new HashCeiling(process);
    var _ = ceiling.measure(WARM_UP);
    return ceiling;
  }

  Pace measure(Duration time) throws IOException {
    input.write(time.toMillis() + "\n");
    input.flush();
    var answer = output.readLine();
    if (answer == null) {
      throw new IOException("the process that hashes has ended");
    }
    var numbers = answer.split(" ", -1);
    return new Pace(
        Long.parseLong(numbers[0]),
        Long.parseLong(numbers[1]) / 1e9,
        Long.parseLong(numbers[2]) / 1e6);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
