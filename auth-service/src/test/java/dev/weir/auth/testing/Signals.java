package dev.weir.auth.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Stops processes where they stand, and lets them go on. */
public final class Signals {
  private Signals() {}

  public static void pause(List<Long> pids) throws IOException {
    kill("-STOP", pids);
  }

  public static void resume(List<Long> pids) throws IOException {
    kill("-CONT", pids);
  }

  private static void kill(String signal, List<Long> pids) throws IOException {
    var command = new ArrayList<String>(List.of("kill", signal));
    pids.forEach(pid -> command.add(pid.toString()));
    try {
      new ProcessBuilder(command).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
