package dev.weir.auth.cli;

import dev.weir.auth.audit.AuditVerification;
import dev.weir.auth.audit.Verdict.Broken;
import dev.weir.auth.audit.Verdict.Intact;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** {@code audit verify}: tells whether the audit log is still what the service wrote. */
public final class AuditCommand {
  public static final String USAGE =
      """
      usage: audit verify    walks the chain over the audit log and names the first link that does not hold
      """;

  private static final int FAILED = 1;

  private final AuditVerification verification;
  private final PrintStream out;

  public AuditCommand(AuditVerification verification, PrintStream out) {
    this.verification = verification;
    this.out = out;
  }

  /** Tells whether the arguments are a command at all, before anything is started for them. */
  public static boolean isUsable(List<String> arguments) {
    return arguments.equals(List.of("verify"));
  }

  /** Returns the exit status: 0 if all holds; it takes as long as the log is. */
  public int run() {
    return switch (verification.verify().blockOptional().orElseThrow()) {
      case Intact intact -> {
        out.printf(
            Locale.ROOT,
            "intact: %d links, head %s, %d events wait for their link%n",
            intact.links(),
            intact.headText(),
            intact.waiting());
        yield 0;
      }
      case Broken broken -> {
        out.printf(
            Locale.ROOT,
            "broken at link %d, event %d: %s%n",
            broken.link(),
            broken.eventId(),
            broken.fault());
        yield FAILED;
      }
    };
  }
}
