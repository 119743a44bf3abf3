package dev.weir.drills.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Who logged out while a store was away, and when a gateway begins to refuse their tokens. Used by
 * the thread of the drill alone.
 */
final class Leavers {
  private static final String PATH = "/api/orders";
  private static final int TAKEN = 200;
  private static final int REFUSED = 401;
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final People people;
  private final Crowd crowd;
  private int before;
  private long left;
  private long takenMeanwhile;
  private long stillTaken;
  private double refusedMillis;

  Leavers(People people, Crowd crowd) {
    this.people = people;
    this.crowd = crowd;
  }

  /**
   * What came of it.
   *
   * @param left who logged out while the store was away
   * @param takenMeanwhile tokens of theirs that were still taken while it was away
   * @param refusedMillis from when it was back until the last of them was refused
   * @param stillTaken tokens that were never refused
   */
  record Facts(long left, long takenMeanwhile, double refusedMillis, long stillTaken) {}

  /** Counts from now on. */
  void begin() {
    before = crowd.left().size();
  }

  /** Asks which tokens are still taken while nobody can tell the gateway. */
  void countTaken() throws InterruptedException {
    for (var token : tokens()) {
      takenMeanwhile += people.probe().status(people.port(), PATH, token) == TAKEN ? 1 : 0;
    }
  }

  /** Asks again and again until every token is refused. */
  void awaitRefused() throws InterruptedException {
    long begin = System.nanoTime();
    var asked = new ArrayList<>(tokens());
    left = asked.size();
    while (!asked.isEmpty() && System.nanoTime() - begin < PATIENCE.toNanos()) {
      var refused = new ArrayList<String>();
      for (var token : asked) {
        if (people.probe().status(people.port(), PATH, token) == REFUSED) {
          refused.add(token);
          refusedMillis = (System.nanoTime() - begin) / 1e6;
        }
      }
      asked.removeAll(refused);
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    stillTaken = asked.size();
  }

  private List<String> tokens() {
    var all = crowd.left();
    return all.subList(before, all.size()).stream().map(People.Tokens::access).toList();
  }

  Facts facts() {
    return new Facts(left, takenMeanwhile, refusedMillis, stillTaken);
  }
}
