package dev.weir.bench.ceiling;

import dev.weir.bench.contender.UnfitException;
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
  private static final int FAULTY = 1;
  private static final int MISUSED = 2;
  private static final int SEEDS = 1_000_000;

  private Main() {}

  public static void main(String[] args)
      throws IOException, GeneralSecurityException, InterruptedException {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> arguments)
      throws IOException, GeneralSecurityException, InterruptedException {
    try {
      var options = Options.parse(arguments, new Random().nextInt(SEEDS));
      var home = Path.of(System.getProperty("weir.home", "."));
      var evidence = new Drill(home, options, System.out).run();
      var verdict = Verdict.of(evidence);
      System.out.print(new Table(evidence, verdict).text());
      var picture = Path.of(".weir", "drills", "shared-limit-" + options.perSecond() + ".svg");
      new Picture(evidence, options.kills() ? "killed, not yet back" : "")
          .write(home.resolve(picture));
      System.out.printf("Picture: %s%n", picture);
      return verdict.isGood() ? 0 : FAULTY;
    } catch (UsageException e) {
      System.err.println("drill: " + e.getMessage());
      System.err.println(Options.USAGE);
      return MISUSED;
    } catch (UnfitException e) {
      System.err.println("drill: a gateway does not start: " + e.getMessage());
      return FAULTY;
    }
  }
}
