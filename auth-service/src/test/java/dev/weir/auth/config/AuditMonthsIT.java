package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.audit.AuditMonths;
import dev.weir.auth.audit.AuditRetention;
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
  @Test
  void dropsMonthsThatArePastTheirTimeAndVerifiesTheRest() {
    try (var log = AuditFixture.create("months")) {
      var first = first(log.fixture());
      into(log, first);
      write(log, 2);
      into(log, first.plusMonths(1));
      write(log, 2);
      into(log, first.plusMonths(2));
      write(log, 1);
      assertThat(partitions(log))
          .containsExactly(name(first), name(first.plusMonths(1)), name(first.plusMonths(2)));

      assertThat(retention(log, 0).now().block()).as("all are kept").isZero();
      assertThat(retention(log, 2).now().block()).as("none is so old").isZero();
      assertThat(retention(log, 1).now().block()).isOne();
      assertThat(partitions(log))
          .containsExactly(name(first.plusMonths(1)), name(first.plusMonths(2)));
      assertThat(log.fixture().texts("select seq from audit.links order by seq"))
          .as("the anchor's own link stays")
          .containsExactly("2", "3", "4", "5");
      assertThat(((Intact) log.verify()).links()).isEqualTo(5);
      // The database's own clock has not moved, so it makes the first month again, and drops it.
      retention(log, 1).now().block();
      assertThat(partitions(log))
          .as("nothing more goes")
          .containsExactly(name(first.plusMonths(1)), name(first.plusMonths(2)));
      write(log, 1);
      assertThat(((Intact) log.verify()).links()).isEqualTo(6);
      holdsAgainst(
          log, "update audit.anchors set cut = cut + interval '1 month'", "the anchor was");
      holdsAgainst(log, "delete from audit.events where id = 3", "the event is gone");
      holdsAgainst(log, "delete from audit.anchors", "the link is gone, the next one is 2");
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
            "drop table public.anchors, public.events"));
    assertThat(log.verify()).isInstanceOf(Intact.class);
  }

  @Test
  void takesEventsOfAnyTimeAndShowsThoseWithoutAMonthUntilTheyAreFiled() throws IOException {
    try (var log = AuditFixture.create("months_far")) {
      var first = first(log.fixture());
      into(log, first.plusMonths(7));
      write(log, 1);
      assertThat(partitions(log)).containsExactly("events_default");
      assertThat(log.verify()).isInstanceOf(Intact.class);
      var far = first.plusMonths(7);
      assertThat(state(log).unfiled()).isOne();
      log.execute(List.of(runbook(far)));
      assertThat(partitions(log)).containsExactly(name(far));
      assertThat(state(log).unfiled()).isZero();
      assertThat(log.verify()).isInstanceOf(Intact.class);
    }
  }

  @Test
  void showsUntilWhenThereAreMonthsWithoutAGap() {
    try (var log = AuditFixture.create("months_ahead")) {
      var first = first(log.fixture());
      assertThat(state(log)).isEqualTo(new AuditMonths(start(first.plusMonths(3)), 0));
      log.execute(List.of("drop table audit." + name(first.plusMonths(1))));
      assertThat(state(log).madeUntil()).as("a gap").isEqualTo(start(first.plusMonths(1)));
      retention(log, 0).now().block();
      assertThat(state(log).madeUntil()).as("made again").isEqualTo(start(first.plusMonths(3)));
    }
  }

  @Test
  void showsTheMonthsAsMetersFromItsFirstRoundOn() {
    try (var log = AuditFixture.create("months_shown")) {
      var registry = new SimpleMeterRegistry();
      var purging = retention(log, 0);
      try (var job = new AuditRetentionJob(purging, new AuthMetrics(registry))) {
        var end = registry.get("weir.auth.audit.months.end.seconds").gauge();
        assertThat(end.value()).as("never looked").isZero();
        job.round().block();
        assertThat((long) end.value()).isEqualTo(state(log).madeUntil().getEpochSecond());
        assertThat(registry.get("weir.auth.audit.unfiled").gauge().value()).isZero();
      }
    }
  }

  /** Returns what the page of the alert has an owner run for that month. */
  private static String runbook(YearMonth month) throws IOException {
    var page = Files.readString(Path.of("../docs/runbooks/alerts/WeirAuditMonths.md"));
    var statements = page.substring(page.indexOf("```sql\n") + 7);
    return statements
        .substring(0, statements.indexOf("```"))
        .replace("2027_03", name(month).substring("events_".length()))
        .replace("2027-03-01", month.atDay(1).toString())
        .replace("2027-04-01", month.plusMonths(1).atDay(1).toString());
  }

  private static AuditMonths state(AuditFixture log) {
    return retention(log, 0).months().blockOptional().orElseThrow();
  }

  private static Instant start(YearMonth month) {
    return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  @Test
  void keepsWhatWasThereBeforeThereWereMonths() {
    var write =
        """
        insert into audit.events (at, action, trace_id)
        select now() + n * interval '40 days', 'x', '-' from generate_series(-3, 3) n""";
    try (var fixture = KeyFixture.since("months_before", "9", write)) {
      var count = "select count(*) from audit.";
      assertThat(fixture.texts(count + "events")).containsExactly("7");
      assertThat(fixture.texts(count + name(first(fixture))))
          .as("until today")
          .containsExactly("4");
      assertThat(fixture.texts(count + "events_default")).as("ahead").containsExactly("3");
    }
  }

  /** Returns the month in which the log was made, whatever month it is by now. */
  private static YearMonth first(KeyFixture fixture) {
    var name =
        fixture.texts(
            "select min(relname) from pg_class where relname ~ '^events_[0-9]{4}_[0-9]{2}$'");
    return YearMonth.parse(name.getFirst().substring("events_".length()).replace('_', '-'));
  }

  private static void write(AuditFixture log, int events) {
    for (int i = 0; i < events; i++) {
      log.append().block();
    }
    log.chain().linkAll().block();
  }

  private static void into(AuditFixture log, YearMonth month) {
    var clock = log.fixture().clock();
    var then = month.atDay(15).atStartOfDay(ZoneOffset.UTC).toInstant();
    clock.advance(Duration.between(clock.instant(), then));
  }

  private static AuditRetention retention(AuditFixture log, int months) {
    var fixture = log.fixture();
    var purging = fixture.databases().as(DatabaseRole.PURGING);
    return new AuditRetention(fixture.database(), purging, log.keys(), months, fixture.clock());
  }

  /** Returns the partitions in which there are events. */
  private static List<String> partitions(AuditFixture log) {
    return log.fixture()
        .texts(
            """
            select c.relname from pg_class c
            where c.oid in (select tableoid from audit.events) order by 1""");
  }

  private static String name(YearMonth month) {
    return "events_%d_%02d".formatted(month.getYear(), month.getMonthValue());
  }
}
