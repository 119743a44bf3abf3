package dev.weir.drills.drill;

import dev.weir.bench.contender.UnfitException;
import dev.weir.drills.load.Asked;
import dev.weir.drills.load.Call;
import dev.weir.drills.load.Load;
import dev.weir.drills.load.Tally;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * People who refresh one session after the other. Everybody goes through sessions of their own, as
 * each may be refreshed 30 times a minute. Sessions are touched on the clients' event loop alone.
 */
final class Refreshing {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private final List<ArrayDeque<People.Tokens>> people = new ArrayList<>();
  private final int sessions;

  Refreshing(int people, int sessions) {
    this.sessions = sessions;
    for (int i = 0; i < people; i++) {
      this.people.add(new ArrayDeque<>());
    }
  }

  /** Opens everybody's sessions, then refreshes them for a time. */
  Tally run(Load load, Duration time) throws UnfitException {
    var logins = new ArrayList<Call>();
    var refreshes = new ArrayList<Call>();
    for (int i = 0; i < people.size(); i++) {
      logins.add(login(i, people.get(i)));
      refreshes.add(refresh(people.get(i)));
    }
    var _ = told(load.repeat(logins, LONGEST));
    return told(load.repeat(refreshes, time));
  }

  /** Logs in until there are enough sessions. */
  private Call login(int person, ArrayDeque<People.Tokens> own) {
    return new Call(
        "POST",
        "/auth/login",
        () ->
            own.size() == sessions
                ? Optional.empty()
                : Optional.of(
                    new Asked("", People.programs(person), (_, body) -> keep(own, body))));
  }

  private static Call refresh(ArrayDeque<People.Tokens> own) {
    return new Call(
        "POST",
        "/auth/token/refresh",
        () ->
            Optional.ofNullable(own.pollFirst())
                .map(held -> new Asked("", held.exchange(), (_, body) -> keep(own, body))));
  }

  private static void keep(ArrayDeque<People.Tokens> own, String body) {
    People.Tokens.read(body).ifPresent(own::addLast);
  }

  /** Waits for what was done. */
  static Tally told(Future<Tally> doing) throws UnfitException {
    if (!doing.awaitUninterruptibly().isSuccess()) {
      throw new UnfitException(String.valueOf(doing.cause()));
    }
    return doing.getNow();
  }
}
