package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.audit.AuditRetention;
import dev.weir.auth.audit.Verdict.Broken;
import dev.weir.auth.audit.Verdict.Intact;
import java.time.Duration;
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
  void takesEventsOfAnyTimeWhetherOrNotTheirMonthWasMade() {
    try (var log = AuditFixture.create("months_far")) {
      into(log, first(log.fixture()).plusMonths(7));
      write(log, 1);
      assertThat(partitions(log)).containsExactly("events_default");
      assertThat(log.verify()).isInstanceOf(Intact.class);
    }
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
