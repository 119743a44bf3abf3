package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.drills.load.Lane;
import dev.weir.drills.load.Load;
import dev.weir.drills.stand.WholeSystem;
import java.io.IOException;
import java.io.PrintStream;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Consumer;

/** A crowd at home in a whole system: accounts, sessions to keep alive, and clients to do it by. */
record Town(People people, Crowd crowd, Load load) implements AutoCloseable {
  private static final int MEMBERS = 8;
  private static final int SESSIONS = 40;

  /**
   * Settles a crowd.
   *
   * @param witness is told every access token that somebody is given
   */
  static Town settle(WholeSystem system, Consumer<String> witness)
      throws IOException, GeneralSecurityException, InterruptedException, UnfitException {
    var people = People.of(system);
    var crowd = new Crowd(MEMBERS, witness);
    crowd.settle(people, SESSIONS);
    return new Town(people, crowd, system.load());
  }

  /** A rehearsal of these lanes that shows nothing of a cold start any more. */
  Rehearsal rehearsal(List<Lane> lanes, PrintStream out) throws InterruptedException {
    var rehearsal = new Rehearsal(load, lanes, out);
    rehearsal.warmUp();
    return rehearsal;
  }

  @Override
  public void close() {
    load.close();
  }
}
