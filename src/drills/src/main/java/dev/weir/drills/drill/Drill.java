package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import java.io.IOException;
import java.security.GeneralSecurityException;

/** Something that can go wrong, and what must hold while it does. */
public interface Drill {
  String name();

  /** What breaks, in one line for a person. */
  String summary();

  /** How long the load lasts where nobody says. */
  int usualSeconds();

  /** Runs it; what it starts is ended when this returns or throws. */
  Findings run(Options options, Room room)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException;
}
