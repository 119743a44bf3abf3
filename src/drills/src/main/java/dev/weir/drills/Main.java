package dev.weir.drills;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.run.Command;
import dev.weir.bench.run.UsageException;
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
  private Main() {}

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException {
    System.exit(Command.run("drill", Drills::usage, Main::run, args));
  }

  private static boolean run(Path home, List<String> arguments)
      throws UsageException,
          UnfitException,
          IOException,
          GeneralSecurityException,
          InterruptedException {
    var drill = Drills.named(arguments.isEmpty() ? "" : arguments.getFirst());
    var rest = arguments.subList(1, arguments.size());
    var options = Options.parse(drill.name(), drill.usualSeconds(), rest);
    var folder = Files.createTempDirectory("weir-drill");
    System.out.printf("%s: %s%n", drill.name(), drill.summary());
    System.out.printf("logs and certificates are in %s%n", folder);
    var findings = drill.run(options, new Room(home, folder, System.out));
    System.out.print(findings.verdict().text());
    var file = options.picture();
    new Picture(drill.name() + ": " + drill.summary(), findings.timeline(), findings.marks())
        .write(file.isAbsolute() ? file : home.resolve(file));
    System.out.printf("Picture: %s%n", file);
    return findings.verdict().passed();
  }
}
