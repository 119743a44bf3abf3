package dev.weir.drills;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.run.UsageException;
import dev.weir.drills.drill.Drill;
import dev.weir.drills.drill.Drills;
import dev.weir.drills.drill.Options;
import dev.weir.drills.drill.Room;
import dev.weir.drills.report.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;

/**
 * Breaks something under load and judges what clients saw; {@code ./weir drill} starts it. Ends
 * with status 1 if anything did not hold that must.
 */
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
      var drill = Drills.named(arguments.isEmpty() ? "" : arguments.getFirst());
      return run(drill, arguments.subList(1, arguments.size()));
    } catch (UsageException e) {
      System.err.println("drill: " + e.getMessage());
      System.err.println(Drills.usage());
      return MISUSED;
    } catch (UnfitException e) {
      System.err.println("drill: " + e.getMessage());
      return FAULTY;
    }
  }

  private static int run(Drill drill, List<String> arguments)
      throws IOException,
          GeneralSecurityException,
          InterruptedException,
          UnfitException,
          UsageException {
    var options = Options.parse(drill.name(), drill.usualSeconds(), arguments);
    var home = Path.of(System.getProperty("weir.home", "."));
    var folder = Files.createTempDirectory("weir-drill");
    System.out.printf("%s: %s%n", drill.name(), drill.summary());
    System.out.printf("logs and certificates are in %s%n", folder);
    var findings = drill.run(options, new Room(home, folder, System.out));
    System.out.print(findings.verdict().text());
    var file = options.picture();
    new Picture(drill.name() + ": " + drill.summary(), findings.timeline(), findings.marks())
        .write(file.isAbsolute() ? file : home.resolve(file));
    System.out.printf("Picture: %s%n", file);
    return findings.verdict().passed() ? 0 : FAULTY;
  }
}
