package dev.weir.bench.ceiling;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.run.Command;
import dev.weir.bench.run.UsageException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Random;

/**
 * Several gateways share one limit and are offered more than it allows; {@code ./weir drill
 * shared-limit} starts it. Ends with status 1 if one request too many passed, or too few did.
 */
public final class Main {
  private static final int SEEDS = 1_000_000;

  private Main() {}

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException {
    System.exit(Command.run("drill", () -> Options.USAGE, Main::run, args));
  }

  private static boolean run(Path home, List<String> arguments)
      throws UsageException,
          UnfitException,
          IOException,
          GeneralSecurityException,
          InterruptedException {
    var options = Options.parse(arguments, new Random().nextInt(SEEDS));
    var evidence = new Drill(home, options, System.out).run();
    var verdict = Verdict.of(evidence);
    System.out.print(new Table(evidence, verdict).text());
    var picture = Path.of(".weir", "drills", "shared-limit-" + options.perSecond() + ".svg");
    new Picture(evidence, options.kills() ? "killed, not yet back" : "")
        .write(home.resolve(picture));
    System.out.printf("Picture: %s%n", picture);
    return verdict.isGood();
  }
}
