package dev.weir.bench.run;

import java.io.PrintStream;

/** Says on standard error what is under way: one line that is rewritten on a terminal. */
public final class Progress {
  private final PrintStream out;
  private final boolean terminal;
  private final long begin = System.nanoTime();

  public Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** What is being done now. */
  void now(String what) {
    long seconds = (System.nanoTime() - begin) / 1_000_000_000L;
    out.printf(terminal ? "\r\033[Kbench: %d s, %s" : "bench: %d s, %s%n", seconds, what);
    out.flush();
  }

  /** What should stay to be read. */
  void note(String what) {
    out.printf(terminal ? "\r\033[Kbench: %s%n" : "bench: %s%n", what);
  }

  void clear() {
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }
}
