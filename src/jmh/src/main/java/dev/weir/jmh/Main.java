package dev.weir.jmh;

import dev.weir.jmh.run.Arguments;
import dev.weir.jmh.run.Bench;
import dev.weir.jmh.run.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** Measures the hot classes; {@code ./weir bench jmh} starts it. */
public final class Main {
  private static final int FAULTY = 1;
  private static final int MISUSED = 2;

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> arguments) {
    try {
      Path home = Path.of(System.getProperty("weir.home", "."));
      new Bench(home, Arguments.parse(arguments), System.err).run(System.out);
      return 0;
    } catch (UsageException e) {
      System.err.println("jmh: " + e.getMessage());
      System.err.println(Arguments.USAGE);
      return MISUSED;
    } catch (RunnerException e) {
      System.err.println("jmh: " + e.getMessage());
      return FAULTY;
    }
  }
}
