package dev.weir.auth.config;

import static dev.weir.auth.config.AuditFixture.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.audit.AuditMonths;
import dev.weir.auth.audit.AuditRetentionJob;
import dev.weir.auth.audit.Verdict.Broken;
import dev.weir.auth.audit.Verdict.Intact;
import dev.weir.auth.observe.AuthMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Months of the log: made ahead, dropped at the end, and the chain holds on. */
class AuditMonthsIT {
  /** An event under a link of before the anchor, which no verification follows any more. */
  private static final String COVERED =
      """
      with planted as (
        insert into audit.events (at, action, address, trace_id, hash, hash_key)
        select max(at), 'x', '10.0.0.1', '-', '', '-' from audit.events returning id, at)
      insert into audit.links select 1, id, at, '', '', '', '-' from planted""";

  @Test
  void dropsMonthsThatArePastTheirTimeAndVerifiesTheRest() {
    try (var log = AuditFixture.past("months")) {
      var first = log.first();
      log.write(2);
      log.into(first.plusMonths(1));
      log.write(2);
      log.into(first.plusMonths(2));
      log.write(1);
      assertThat(log.partitions())
          .containsExactly(
              partition(first), partition(first.plusMonths(1)), partition(first.plusMonths(2)));

      assertThat(log.retention(0).now().block()).as("all are kept").isZero();
      assertThat(log.retention(2).now().block()).as("none is so old").isZero();
      assertThat(log.retention(1).now().block()).isOne();
      assertThat(log.partitions())
          .containsExactly(partition(first.plusMonths(1)), partition(first.plusMonths(2)));
      assertThat(log.fixture().texts("select seq from audit.links order by seq"))
          .as("the anchor's own link stays")
          .containsExactly("2", "3", "4", "5");
      assertThat(((Intact) log.verify()).links()).isEqualTo(5);
      log.retention(1).now().block();
      assertThat(log.partitions())
          .as("nothing more goes")
          .containsExactly(partition(first.plusMonths(1)), partition(first.plusMonths(2)));
      log.write(1);
      assertThat(((Intact) log.verify()).links()).isEqualTo(6);
      holdsAgainst(
          log, "update audit.anchors set cut = cut + interval '1 month'", "the anchor was");
      holdsAgainst(log, "delete from audit.events where id = 3", "the event is gone");
      holdsAgainst(log, "delete from audit.anchors", "the link is gone, the next one is 2");
      holdsAgainst(log, COVERED, "the event was not written by the service");
    }
  }

  /** Tries a crime, and takes it back. */
  private static void holdsAgainst(AuditFixture log, String crime, String fault) {
    log.execute(
        List.of(
            "create table public.anchors as select * from audit.anchors",
            "create table public.events as select * from audit.events",
            crime));
    assertThat(((Broken) log.verify()).fault()).startsWith(fault);
    log.execute(
        List.of(
            "delete from audit.anchors",
            "insert into audit.anchors select * from public.anchors",
            "delete from audit.events",
            "insert into audit.events overriding system value select * from public.events",
            "delete from audit.links where seq = 1",
            "drop table public.anchors, public.events"));
    assertThat(log.verify()).isInstanceOf(Intact.class);
  }

  @Test
  void takesEventsOfAnyTimeAndShowsThoseWithoutAMonthUntilTheyAreFiled() throws IOException {
    try (var log = AuditFixture.create("months_far")) {
      var first = log.first();
      log.into(first.plusMonths(7));
      log.write(1);
      assertThat(log.partitions()).containsExactly("events_default");
      assertThat(log.verify()).isInstanceOf(Intact.class);
      var far = first.plusMonths(7);
      assertThat(state(log).unfiled()).isOne();
      log.execute(List.of(runbook(far)));
      assertThat(log.partitions()).containsExactly(partition(far));
      assertThat(state(log).unfiled()).isZero();
      assertThat(log.verify()).isInstanceOf(Intact.class);
    }
  }

  @Test
  void showsUntilWhenThereAreMonthsWithoutAGap() {
    try (var log = AuditFixture.create("months_ahead")) {
      var first = log.first();
      assertThat(state(log))
          .isEqualTo(new AuditMonths(start(first.plusMonths(3)), 0, Duration.ZERO, false));
      log.execute(List.of("drop table audit." + partition(first.plusMonths(1))));
      assertThat(state(log).madeUntil()).as("a gap").isEqualTo(start(first.plusMonths(1)));
      log.retention(0).now().block();
      assertThat(state(log).madeUntil()).as("made again").isEqualTo(start(first.plusMonths(3)));
    }
  }

  @Test
  void showsTheMonthsAsMetersFromItsFirstRoundOn() {
    try (var log = AuditFixture.create("months_shown")) {
      var registry = new SimpleMeterRegistry();
      var purging = log.retention(0);
      try (var job = new AuditRetentionJob(purging, new AuthMetrics(registry))) {
        var end = registry.get("weir.auth.audit.months.end.seconds").gauge();
        assertThat(end.value()).as("never looked").isZero();
        job.round().block();
        assertThat((long) end.value()).isEqualTo(state(log).madeUntil().getEpochSecond());
        assertThat(registry.get("weir.auth.audit.unfiled").gauge().value()).isZero();
        assertThat(registry.get("weir.auth.audit.drop.refused").gauge().value()).isZero();
      }
    }
  }

  /** Returns what the page of the alert has an owner run for that month. */
  private static String runbook(YearMonth month) throws IOException {
    var page = Files.readString(Path.of("../docs/runbooks/alerts/WeirAuditMonths.md"));
    var statements = page.substring(page.indexOf("```sql\n") + 7);
    return statements
        .substring(0, statements.indexOf("```"))
        .replace("2027_03", partition(month).substring("events_".length()))
        .replace("2027-03-01", month.atDay(1).toString())
        .replace("2027-04-01", month.plusMonths(1).atDay(1).toString());
  }

  private static AuditMonths state(AuditFixture log) {
    return log.retention(0).months().blockOptional().orElseThrow();
  }

  private static Instant start(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  @Test
  void keepsWhatWasThereBeforeThereWereMonths() {
    var write =
        """
        insert into audit.events (at, action, trace_id)
        select now() + n * interval '100 days', 'x', '-' from generate_series(-3, 3) n""";
    try (var fixture = KeyFixture.since("months_before", "9", write)) {
      var count = "select count(*) from audit.";
      assertThat(fixture.texts(count + "events")).containsExactly("7");
      assertThat(fixture.texts(count + partition(fixture.firstMonth())))
          .as("until today")
          .containsExactly("4");
      assertThat(fixture.texts(count + "events_default")).as("ahead").containsExactly("3");
    }
  }
}
