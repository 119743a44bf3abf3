package dev.weir.drills.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.drills.load.Asked;
import dev.weir.drills.load.Lane;
import dev.weir.drills.timeline.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrowdTest {
  private static final Outcome REFUSED = Outcome.refused(503, "database-unavailable");

  private final List<String> given = new ArrayList<>();
  private final Crowd crowd = new Crowd(2, given::add);

  @Test
  void refreshesTheSessionThatWasRefreshedLongestAgo() {
    var refreshes = crowd.refreshes(1);
    crowd.keep(new People.Tokens("a1", "r1"));
    crowd.keep(new People.Tokens("a2", "r2"));
    var first = next(refreshes);
    assertThat(first.body()).contains("r1");
    first.ear().hear(Outcome.good(200), tokens("a3", "r3"));
    assertThat(next(refreshes).body()).contains("r2");
    assertThat(next(refreshes).body()).contains("r3");
    assertThat(given).containsExactly("a1", "a2", "a3");
  }

  @Test
  void triesARefreshThatWasRefusedAgainBeforeAllOthers() {
    var refreshes = crowd.refreshes(1);
    crowd.keep(new People.Tokens("a1", "r1"));
    crowd.keep(new People.Tokens("a2", "r2"));
    next(refreshes).ear().hear(REFUSED, "{}");
    assertThat(next(refreshes).body()).contains("r1");
  }

  @Test
  void sendsNothingWhereEverySessionIsUnderWay() {
    var refreshes = crowd.refreshes(1);
    crowd.keep(new People.Tokens("a1", "r1"));
    var only = next(refreshes);
    assertThat(refreshes.call().next().get()).isEmpty();
    only.ear().hear(REFUSED, "");
    assertThat(refreshes.call().next().get()).isPresent();
  }

  @Test
  void remembersWhoLeftOnlyOnceTheyWereToldSo() {
    var logouts = crowd.logouts(1);
    assertThat(logouts.call().next().get()).isEmpty();
    next(crowd.logins(1)).ear().hear(Outcome.good(200), tokens("a1", "r1"));
    var leaving = next(logouts);
    assertThat(leaving.token()).isEqualTo("a1");
    leaving.ear().hear(REFUSED, "");
    assertThat(crowd.left()).isEmpty();
    next(logouts).ear().hear(Outcome.good(204), "");
    assertThat(crowd.left()).containsExactly(new People.Tokens("a1", "r1"));
  }

  @Test
  void remembersWhoRegisteredOnlyOnceTheyWereToldSo() {
    var registrations = crowd.registrations(1);
    next(registrations).ear().hear(REFUSED, "");
    assertThat(crowd.registered()).isEmpty();
    next(registrations).ear().hear(Outcome.good(201), "");
    assertThat(crowd.registered()).hasSize(1);
  }

  private static Asked next(Lane lane) {
    return lane.call().next().get().orElseThrow();
  }

  private static String tokens(String access, String refresh) {
    return "{\"access_token\":\"%s\",\"refresh_token\":\"%s\"}".formatted(access, refresh);
  }
}
