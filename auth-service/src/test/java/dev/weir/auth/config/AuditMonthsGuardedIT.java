package dev.weir.auth.config;

import static dev.weir.auth.config.AuditFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.audit.AuditMonths;
import dev.weir.auth.audit.AuditRetention;
import dev.weir.auth.audit.AuditRetentionJob;
import dev.weir.auth.audit.Verdict.Broken;
import dev.weir.auth.audit.Verdict.Intact;
import dev.weir.auth.database.Row;
import dev.weir.auth.observe.AuthMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

/** Has the months dropped by whoever should not be able to: a role, a clock, the owner. */
class AuditMonthsGuardedIT {
  private static final String ANCHOR =
      "insert into audit.anchors (cut, seq, link_hash, hash, hash_key) values (%s, 9999, '', '', '-')";

  /** A link of the chain, but the youngest. */
  private static final String YOUNGEST =
      """
      create or replace function audit.last_link_before(cut timestamptz)
        returns table (seq bigint, event_id bigint, event_at timestamptz, event_hash bytea,
          prev_hash bytea, hash bytea, hash_key text)
        language sql stable security definer
        as 'select * from audit.links order by seq desc limit 1'""";

  @Test
  void signsAwayNothingThatTheOwnerSaysIsOld() {
    try (var log = withThreeMonths("months_forged")) {
      log.execute(
          List.of(
              "create table public.links as select * from audit.links",
              "update audit.links set event_at = event_at - interval '1 year' where seq > 2"));
      holdsStill(log);
      log.execute(
          List.of(
              "delete from audit.links",
              "insert into audit.links select * from public.links",
              YOUNGEST));
      holdsStill(log);
      assertThat(((Intact) log.verify()).links()).isEqualTo(5);
    }
  }

  private static void holdsStill(AuditFixture log) {
    var retention = log.retention(1);
    assertThat(retention.now().block()).isZero();
    var seen = retention.months().blockOptional().orElseThrow();
    assertThat(seen.refused()).isTrue();
    assertThat(seen.overdue()).as("the 15th of the month that should be gone").isPositive();
    assertThat(log.fixture().texts("select cut from audit.anchors")).isEmpty();
    assertThat(log.fixture().texts("select seq from audit.links")).hasSize(5);
    assertThat(log.partitions()).hasSize(3);
  }

  @Test
  void dropsNothingByAnAnchorThatIsNotItsOwn() {
    try (var log = withThreeMonths("months_anchored")) {
      log.setClock(Instant.now());
      log.write(1);
      assertThatThrownBy(() -> anchor(log, "'infinity'"))
          .isInstanceOf(DataIntegrityViolationException.class);
      assertThatThrownBy(() -> anchor(log, "now() + interval '1 day'"))
          .isInstanceOf(DataIntegrityViolationException.class);

      anchor(log, "now()");
      var retention = log.retention(1);
      assertThat(retention.now().block()).isZero();
      assertThat(retention.months().block()).returns(true, AuditMonths::refused);
      assertThat(log.partitions()).hasSize(4);
      assertThat(log.fixture().texts("select seq from audit.links")).hasSize(6);
      assertThat(((Broken) log.verify()).fault()).startsWith("the anchor was");
      showsThatItRefuses(retention);

      log.execute(
          List.of(
              "alter table audit.anchors drop constraint anchors_cut",
              ANCHOR.formatted("'infinity'")));
      assertThat(purging(log, "cast(audit.drop_months() as bigint)")).isEqualTo(3);
      assertThat(purging(log, "audit.drop_links(100)")).isEqualTo(5);
      assertThat(log.fixture().texts("select id from audit.events"))
          .as("both roles together end at this month")
          .containsExactly("6");
      assertThat(log.fixture().texts("select seq from audit.links")).containsExactly("6");
    }
  }

  /** Until an owner has done what the page of the alert says. */
  private static void showsThatItRefuses(AuditRetention retention) {
    var registry = new SimpleMeterRegistry();
    try (var job = new AuditRetentionJob(retention, new AuthMetrics(registry))) {
      job.round().block();
      assertThat(registry.get("weir.auth.audit.drop.refused").gauge().value()).isOne();
      assertThat(registry.get("weir.auth.audit.overdue.seconds").gauge().value()).isPositive();
    }
  }

  @Test
  void dropsAgainOnceTheForeignAnchorIsGone() {
    try (var log = withThreeMonths("months_mended")) {
      anchor(log, "now()");
      var retention = log.retention(1);
      assertThat(retention.now().block()).isZero();
      log.execute(List.of("delete from audit.anchors where seq = 9999"));
      assertThat(retention.now().block()).isOne();
      assertThat(retention.months().block())
          .returns(false, AuditMonths::refused)
          .returns(Duration.ZERO, AuditMonths::overdue);
    }
  }

  @Test
  void goesByTheDatabasesClockWhereItsOwnIsAhead() {
    try (var log = withThreeMonths("months_clock")) {
      var last = log.first().plusMonths(2);
      log.setClock(Instant.now().plus(Duration.ofDays(3000)));
      assertThat(log.retention(1).now().block()).isEqualTo(2);
      assertThat(log.partitions()).containsExactly(partition(last));
      log.setClock(Instant.now());
      log.write(1);
      assertThat(((Intact) log.verify()).links()).isEqualTo(6);
    }
  }

  @Test
  void takesWhatCameBeforeAMonthWasMadeIntoIt() {
    try (var log = AuditFixture.past("months_early")) {
      var next = log.first().plusMonths(4);
      var gone = log.first();
      log.execute(
          List.of("drop table audit." + partition(next), "drop table audit." + partition(gone)));
      log.into(gone);
      log.write(3);
      log.into(next);
      log.write(1);
      assertThat(log.partitions()).containsExactly("events_default");

      log.retention(0).now().block();
      assertThat(log.partitions()).containsExactly(partition(next), "events_default");
      log.setClock(Instant.now());
      log.write(1);
      assertThat(((Intact) log.verify()).waiting()).as("of next month").isOne();

      log.execute(List.of("drop table audit." + partition(next.plusMonths(1))));
      try (var _ = KeyFixture.migrated("months_early")) {
        assertThat(
                log.fixture()
                    .texts("select to_regclass('audit." + partition(next.plusMonths(1)) + "')"))
            .as("made at the start")
            .doesNotContainNull();
      }

      assertThat(purging(log, "audit.drop_unfiled(1)")).as("not anchored").isZero();
      assertThat(log.retention(1).now().block()).as("no month, but what had none").isEqualTo(1);
      assertThat(log.partitions()).doesNotContain("events_default");
      assertThat(log.verify()).isInstanceOf(Intact.class);
    }
  }

  /** Two events, two, and one; the clock is in the last of these months. */
  private static AuditFixture withThreeMonths(String name) {
    var log = AuditFixture.past(name);
    var first = log.first();
    log.write(2);
    log.into(first.plusMonths(1));
    log.write(2);
    log.into(first.plusMonths(2));
    log.write(1);
    return log;
  }

  private static void anchor(AuditFixture log, String cut) {
    var database = log.fixture().database();
    database.run(database.sql(ANCHOR.formatted(cut)).then()).block();
  }

  private static long purging(AuditFixture log, String call) {
    var database = log.fixture().databases().as(DatabaseRole.PURGING);
    return database
        .run(
            database
                .sql("select " + call + " as number")
                .map(Row.as(row -> row.number("number")))
                .one())
        .blockOptional()
        .orElseThrow();
  }
}
