package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.bench.load.Protocol;
import dev.weir.drills.load.Asked;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Lane;
import dev.weir.drills.timeline.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Many people at an open loop's rates: they log in, keep their sessions alive, log out and
 * register, and what they were told is remembered. Whoever is refused a refresh tries again with
 * the same token, before anybody else's turn. The load's event loop and the thread of the drill
 * share it.
 */
final class Crowd {
  static final String LOGINS = "logins";
  static final String REFRESHES = "refreshes";
  static final String LOGOUTS = "logouts";
  static final String REGISTRATIONS = "registrations";

  /** Numbers of those who register under load, apart from everybody else's. */
  private static final int NEWCOMERS = 100_000;

  private final int members;
  private final Consumer<String> witness;
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicInteger newcomer = new AtomicInteger(NEWCOMERS);
  private final ConcurrentLinkedDeque<People.Tokens> kept = new ConcurrentLinkedDeque<>();
  private final ConcurrentLinkedDeque<People.Tokens> opened = new ConcurrentLinkedDeque<>();
  private final ConcurrentLinkedDeque<People.Tokens> left = new ConcurrentLinkedDeque<>();
  private final ConcurrentLinkedDeque<Integer> registered = new ConcurrentLinkedDeque<>();

  /**
   * Names people who are not there yet.
   *
   * @param witness is told every access token that somebody is given
   */
  Crowd(int members, Consumer<String> witness) {
    this.members = members;
    this.witness = witness;
  }

  /** Registers everybody and opens sessions, in turn, which refreshes then keep alive. */
  void settle(People people, int sessions)
      throws IOException, InterruptedException, UnfitException {
    for (int i = 0; i < members; i++) {
      people.register(i);
    }
    for (int i = 0; i < sessions; i++) {
      keep(people.logIn(i % members));
    }
  }

  /** Takes a session in that refreshes keep alive. */
  void keep(People.Tokens tokens) {
    kept.addLast(tokens);
    witness.accept(tokens.access());
  }

  /** Logs in; the sessions stay as they are, unless somebody leaves by them. */
  Lane logins(double perSecond) {
    var call =
        new Call(
            "POST",
            "/auth/login",
            () -> {
              int number = Math.floorMod(turn.getAndIncrement(), members);
              return Optional.of(
                  new Asked("", People.programs(number), (_, body) -> takeIn(opened, body)));
            });
    return new Lane(LOGINS, call, Protocol.H1, perSecond);
  }

  /** Refreshes the session that was refreshed longest ago. */
  Lane refreshes(double perSecond) {
    var call =
        new Call(
            "POST",
            "/auth/token/refresh",
            () ->
                Optional.ofNullable(kept.pollFirst())
                    .map(
                        held ->
                            new Asked("", held.exchange(), (_, body) -> exchanged(held, body))));
    return new Lane(REFRESHES, call, Protocol.H1, perSecond);
  }

  private void exchanged(People.Tokens held, String body) {
    if (!takeIn(kept, body)) {
      kept.addFirst(held);
    }
  }

  private boolean takeIn(ConcurrentLinkedDeque<People.Tokens> sessions, String body) {
    var tokens = People.Tokens.read(body);
    tokens.ifPresent(
        given -> {
          sessions.addLast(given);
          witness.accept(given.access());
        });
    return tokens.isPresent();
  }

  /** Ends sessions that {@link #logins} opened, the oldest first. */
  Lane logouts(double perSecond) {
    var call =
        new Call(
            "POST",
            "/auth/logout",
            () ->
                Optional.ofNullable(opened.pollFirst())
                    .map(
                        held ->
                            new Asked(held.access(), "", (outcome, _) -> wentOut(held, outcome))));
    return new Lane(LOGOUTS, call, Protocol.H1, perSecond);
  }

  private void wentOut(People.Tokens held, Outcome outcome) {
    (outcome.kind() == Outcome.Kind.GOOD ? left : opened).addLast(held);
  }

  /** Registers somebody new each time. */
  Lane registrations(double perSecond) {
    var call =
        new Call(
            "POST",
            "/auth/register",
            () -> {
              int number = newcomer.getAndIncrement();
              return Optional.of(
                  new Asked("", People.credentials(number), (outcome, _) -> came(number, outcome)));
            });
    return new Lane(REGISTRATIONS, call, Protocol.H1, perSecond);
  }

  private void came(int number, Outcome outcome) {
    if (outcome.kind() == Outcome.Kind.GOOD) {
      registered.addLast(number);
    }
  }

  /** A GET with the access token of a session that is kept alive. */
  Lane reads(String name, String path, double perSecond) {
    Supplier<Optional<Asked>> next =
        () -> Optional.ofNullable(kept.peekLast()).map(held -> Asked.of(held.access(), ""));
    return new Lane(name, new Call("GET", path, next), Protocol.H2, perSecond);
  }

  /** Every session that was told good and that nobody has left. */
  List<People.Tokens> sessions() {
    var all = new ArrayList<>(kept);
    all.addAll(opened);
    return all;
  }

  /** Sessions that people have left, in the order in which they were told so. */
  List<People.Tokens> left() {
    return List.copyOf(left);
  }

  /** Who registered under load and was told that they are in. */
  List<Integer> registered() {
    return List.copyOf(registered);
  }
}
