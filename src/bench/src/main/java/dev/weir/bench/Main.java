package dev.weir.bench;

import dev.weir.bench.run.Bench;
import dev.weir.bench.run.Options;
import dev.weir.bench.run.Progress;
import dev.weir.bench.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/** Measures Weir beside its peers; {@code ./weir bench} starts it on its core. */
public final class Main {
  private static final int FAULTY = 1;
  private static final int MISUSED = 2;

  private Main() {}

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> arguments)
      throws IOException, GeneralSecurityException, InterruptedException {
    try {
      var options = Options.parse(arguments);
      var home = Path.of(System.getProperty("weir.home", "."));
      var progress = new Progress(System.err, Boolean.getBoolean("weir.terminal"));
      return new Bench(home, options, progress).run(System.out) ? 0 : FAULTY;
    } catch (UsageException e) {
      System.err.println("bench: " + e.getMessage());
      System.err.println(Options.USAGE);
      return MISUSED;
    }
  }
}
