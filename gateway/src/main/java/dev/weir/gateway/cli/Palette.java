package dev.weir.gateway.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;

/** The colours of a terminal, or none: what is piped or stored stays plain text. */
record Palette(String error, String warning, String faint, String end) {
  static final Palette PLAIN = new Palette("", "", "", "");

  /** Returns colours where the stream is this process's terminal and NO_COLOR is not set. */
  static Palette of(PrintStream out) {
    boolean colour =
        out.equals(System.out)
            && Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
            && System.getenv("NO_COLOR") == null
            && !"dumb".equals(System.getenv("TERM"));
    return colour ? new Palette("\033[31;1m", "\033[33;1m", "\033[2m", "\033[0m") : PLAIN;
  }
}
