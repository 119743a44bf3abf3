package dev.weir.bench.run;

import dev.weir.bench.contender.UnfitException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Supplier;

/**
 * How a command of {@code ./weir} ends: with 0 where all held, with 1 where something did not or
 * could not start, with 2 and its usage where it was misused.
 */
public final class Command {
  private static final int FAULTY = 1;
  private static final int MISUSED = 2;

  private Command() {}

  /** What the command does. */
  @FunctionalInterface
  public interface Body {
    /** Runs on the checkout at {@code home}, and returns whether all held. */
    boolean run(Path home, List<String> arguments)
        throws UsageException,
            UnfitException,
            IOException,
            GeneralSecurityException,
            InterruptedException;
  }

  /** Runs it and returns its status; what is wrong is told on stderr. */
  public static int run(String name, Supplier<String> usage, Body body, String... arguments)
      throws IOException, GeneralSecurityException, InterruptedException {
    if (List.of(arguments).contains("--help")) {
      System.out.println(usage.get());
      return 0;
    }
    try {
      var home = Path.of(System.getProperty("weir.home", "."));
      return body.run(home, List.of(arguments)) ? 0 : FAULTY;
    } catch (UsageException e) {
      System.err.println(name + ": " + e.getMessage());
      System.err.println(usage.get());
      return MISUSED;
    } catch (UnfitException e) {
      System.err.println(name + ": something does not start, or not as it must: " + e.getMessage());
      return FAULTY;
    }
  }
}
