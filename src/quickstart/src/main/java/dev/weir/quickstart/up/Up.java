package dev.weir.quickstart.up;

import dev.weir.quickstart.process.StartFailedException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;

/** The command {@code up}: runs the whole system until it is told to end or cannot go on. */
public final class Up {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private Up() {}

  /** Returns the exit status; a requested end does not return but ends the process with 0. */
  public static int run(List<String> arguments, Map<String, String> environment) {
    try {
      var settings = Settings.of(arguments, environment);
      try (var state = StateFolder.open(settings.state())) {
        return new Run(settings, state, line -> System.out.println("weir: " + line)).untilFailure();
      }
    } catch (UsageException e) {
      System.err.println("weir: " + e.line());
      return MISUSED;
    } catch (StartFailedException e) {
      e.line().lines().forEach(line -> System.err.println("weir: " + line));
      return FAILED;
    } catch (IOException | GeneralSecurityException e) {
      System.err.println("weir: " + e);
      return FAILED;
    }
  }
}
