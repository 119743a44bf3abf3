package dev.weir.bench;

import dev.weir.bench.run.Bench;
import dev.weir.bench.run.Command;
import dev.weir.bench.run.Options;
import dev.weir.bench.run.Progress;
import dev.weir.bench.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/** Measures Weir beside its peers; {@code ./weir bench} starts it on its core. */
public final class Main {
  private Main() {}

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException {
    System.exit(Command.run("bench", () -> Options.USAGE, Main::run, args));
  }

  private static boolean run(Path home, List<String> arguments)
      throws UsageException, IOException, GeneralSecurityException, InterruptedException {
    var progress = new Progress(System.err, Boolean.getBoolean("weir.terminal"));
    return new Bench(home, Options.parse(arguments), progress).run(System.out);
  }
}
