package dev.weir.quickstart.process;

import java.io.IOException;

/** Sends signals that {@link Process} has no method for. */
final class Signal {
  private Signal() {}

  static void send(String signal, Process process) {
    if (signal.equals("TERM")) {
      process.destroy();
      return;
    }
    try {
      // The shell's own kill: images without procps have no other.
      new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + process.pid())
          .start()
          .waitFor();
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
