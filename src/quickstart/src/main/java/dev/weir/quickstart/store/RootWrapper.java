package dev.weir.quickstart.store;

import dev.weir.quickstart.process.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Lets Postgres run where the launcher is root, as in a container.
 *
 * <p>Postgres refuses to run as root. In a user namespace of its own it sees another user id, while
 * the files stay root's.
 */
public final class RootWrapper {
  private static final List<String> UNSHARE = List.of("unshare", "-U");

  private RootWrapper() {}

  /** What to put before a command of Postgres: nothing for an ordinary user. */
  public static List<String> detect() throws IOException, InterruptedException {
    if (!isRoot()) {
      return List.of();
    }
    try {
      var probe = new ProcessBuilder("unshare", "-U", "true").redirectErrorStream(true).start();
      probe.getInputStream().readAllBytes();
      if (probe.waitFor() == 0) {
        return UNSHARE;
      }
    } catch (IOException noUnshare) {
      throw refusal();
    }
    throw refusal();
  }

  private static StartFailedException refusal() {
    return new StartFailedException(
        "Postgres does not run as root, and `unshare -U` is not allowed here;"
            + " run ./weir up as an ordinary user");
  }

  private static boolean isRoot() throws IOException {
    // user.name says who started the JVM, which inside containers may be a bare number or `?`.
    var self = Path.of("/proc/self");
    if (Files.exists(self)) {
      return Integer.valueOf(0).equals(Files.getAttribute(self, "unix:uid"));
    }
    return "root".equals(System.getProperty("user.name"));
  }
}
