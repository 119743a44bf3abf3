package dev.weir.bench.run;

import dev.weir.bench.report.JsonReport;
import dev.weir.bench.report.Results;
import dev.weir.bench.report.TextReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** The whole run: mode after mode, then the tables. */
public final class Bench {
  private final Path home;
  private final Options options;
  private final Progress progress;

  public Bench(Path home, Options options, Progress progress) {
    this.home = home;
    this.options = options;
    this.progress = progress;
  }

  /** Runs, prints, and returns whether every cell counts. */
  public boolean run(PrintStream out)
      throws IOException, GeneralSecurityException, InterruptedException {
    var results = new Results();
    var folder = Files.createTempDirectory("weir-bench");
    progress.note("logs and certificates are in " + folder);
    boolean paranoid = options.leaks() == Options.Leaks.PARANOID;
    try (var lab = Lab.open(home, folder, options.leaks())) {
      for (var mode : options.modes()) {
        new ModeRun(lab, options, mode, results, progress).run();
      }
    }
    if (paranoid) {
      results.addLeaks(LeakGate.leaks(folder));
    }
    progress.clear();
    var reference = options.contenders().getFirst();
    out.print(new TextReport(results, reference).text());
    if (options.out().isPresent()) {
      JsonReport.write(options.out().get(), results, reference, Environment.describe());
    }
    return results.faults().isEmpty();
  }
}
