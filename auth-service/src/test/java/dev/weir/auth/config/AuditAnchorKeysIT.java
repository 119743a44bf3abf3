package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.audit.Verdict.Broken;
import dev.weir.auth.audit.Verdict.Intact;
import dev.weir.auth.key.KeyUse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Writes under an audit key whose last link was dropped, and has the keys' table say it is good.
 */
class AuditAnchorKeysIT {
  private static final String SUCCEEDED =
      "select succeeded from audit.anchors order by cut desc limit 1";

  @Test
  void knowsByTheAnchorWhichKeysHadTheirTime() {
    try (var old = AuditFixture.past("anchored_keys")) {
      var first = old.first();
      var store = old.fixture().store(1);
      var kid = KeyFixture.active(store, "audit");
      old.write(1);
      store.rotateNow(KeyUse.AUDIT).block();
      old.fixture().clock().advance(Duration.ofMinutes(10));
      old.with(old.fixture().open(store)).write(1);
      old.fixture().clock().advance(Duration.ofDays(1));
      var fresh = old.with(old.fixture().open(store));
      assertThat(KeyFixture.state(store, kid)).isEqualTo("retired");
      assertThat(fresh.retention(1).now().block()).isZero();
      old.into(first.plusMonths(1));
      fresh.write(1);
      old.into(first.plusMonths(2));
      fresh.write(1);
      assertThat(fresh.retention(1).now().block()).isOne();
      assertThat(old.fixture().texts(SUCCEEDED).getFirst()).startsWith(kid + " ");
      assertThat(((Intact) fresh.verify()).links()).isEqualTo(4);

      revive(old);
      var fooled = old.with(old.fixture().open(store));
      assertThat(KeyFixture.state(store, kid)).isEqualTo("retiring");
      old.append().block();
      fooled.chain().linkAll().block();
      assertThat(((Broken) fooled.verify()).fault()).isEqualTo("the event was changed");
      old.fixture().execute("delete from audit.events where hash_key = ?", kid);
      old.fixture().execute("delete from audit.links where seq = 5");

      old.into(first.plusMonths(3));
      fooled.write(1);
      assertThat(fooled.retention(1).now().block()).isOne();
      assertThat(old.fixture().texts(SUCCEEDED).getFirst())
          .as("the next anchor goes on with it")
          .startsWith(kid + " ");
      assertThat(fooled.verify()).isInstanceOf(Intact.class);
    }
  }

  /** As the tables' owner can, or whoever stole the role that serves. */
  private static void revive(AuditFixture log) {
    log.fixture()
        .execute(
            "update auth.keys set state = 'retiring', state_since = now() where state = 'retired'");
  }
}
