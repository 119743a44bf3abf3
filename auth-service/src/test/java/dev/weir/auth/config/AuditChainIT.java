package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.audit.AuditChain;
import dev.weir.auth.audit.AuditVerification;
import dev.weir.auth.audit.Verdict.Broken;
import dev.weir.auth.audit.Verdict.Intact;
import dev.weir.auth.cli.AuditCommand;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Does to a log of its own, as the database's superuser, what nobody should. */
class AuditChainIT {

  /** Remembers both tables, so that every test finds them whole. */
  private static final List<String> REMEMBER =
      List.of(
          "create table public.kept_events as select * from audit.events",
          "create table public.kept_links as select * from audit.links");

  private static final List<String> RESTORE =
      List.of(
          "delete from audit.events",
          "delete from audit.links",
          "insert into audit.events overriding system value select * from public.kept_events",
          "insert into audit.links select * from public.kept_links",
          "drop table public.kept_events, public.kept_links");

  private static final AuditFixture LOG = AuditFixture.create("chained");

  @BeforeAll
  static void writeALog() {
    Flux.range(0, 5).concatMap(_ -> LOG.append()).blockLast();
    assertThat(LOG.chain().linkAll().block()).isEqualTo(5);
  }

  @AfterAll
  static void close() {
    LOG.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update audit.events set action = 'login_failed' where id = 3 | 3 | 3 | the event was changed",
        "update audit.events set subject = null where id = 3 | 3 | 3 | the event was changed",
        "update audit.events set address = '10.0.0.1' where id = 2 | 2 | 2 | the event was changed",
        "update audit.events set hash = null where id = 2 | 2 | 2 | the event was changed",
        "delete from audit.events where id = 4 | 4 | 4 | the event is gone",
        "delete from audit.links where seq = 2 | 2 | 3 | the link is gone, the next one is 3",
        "update audit.links set event_hash = hash where seq = 1 | 1 | 1 | the link was changed, or made by somebody without the key",
        "update audit.links set prev_hash = hash where seq = 5 | 5 | 5 | the link does not follow the one before it",
        "insert into audit.events (at, action, address, trace_id) select max(at), 'x', '10.0.0.1', '-' from audit.events | 5 | 6 | the event was not written by the service, or changed",
        "insert into audit.events (at, action, address, trace_id, hash, hash_key) select max(at), 'x', '10.0.0.1', '-', max(hash::text)::bytea, max(hash_key) from audit.events | 5 | 6 | the event was not written by the service, or changed"
      })
  void namesTheFirstPlaceThatWasTouched(String crime, long link, long event, String fault) {
    LOG.execute(REMEMBER);
    try {
      LOG.execute(List.of(crime));
      var broken = (Broken) LOG.verify();
      assertThat(broken.fault()).isEqualTo(fault);
      assertThat(broken.link()).isEqualTo(link);
      if (!crime.startsWith("insert")) {
        assertThat(broken.eventId()).isEqualTo(event);
      }
    } finally {
      LOG.execute(RESTORE);
    }
    assertThat(LOG.verify()).isInstanceOf(Intact.class);
  }

  @Test
  void showsAnEndThatWasCutOffByTheHeadThatSomebodyKept() {
    var before = (Intact) LOG.verify();
    LOG.execute(REMEMBER);
    try {
      LOG.execute(
          List.of(
              "delete from audit.links where seq = 5", "delete from audit.events where id = 5"));
      assertThat(((Intact) LOG.verify()).headText()).isNotEqualTo(before.headText());
    } finally {
      LOG.execute(RESTORE);
    }
  }

  @Test
  void linksMoreThanABatchOnceHoweverManyLinkTogether() {
    try (var other = AuditFixture.create("chained_more")) {
      Flux.range(0, 450).concatMap(_ -> other.append()).blockLast();
      assertThat(((Intact) other.verify()).waiting()).isEqualTo(450);
      Mono.zip(other.chain().linkAll(), other.anotherChain().linkAll()).block();
      other.chain().linkAll().block();
      var intact = (Intact) other.verify();
      assertThat(intact.links()).isEqualTo(450);
      assertThat(intact.waiting()).isZero();
    }
  }

  @Test
  void waitsTenMinutesForALinkAndNoLonger() {
    try (var other = AuditFixture.create("chained_late")) {
      // All of it in the past, also by the clock of the database.
      other.fixture().clock().advance(Duration.ofMinutes(-30));
      other.append().block();
      other.execute(
          List.of(
              "create table public.put_by as select * from audit.events",
              "delete from audit.events"));
      other.fixture().clock().advance(Duration.ofMinutes(9));
      other.append().block();
      assertThat(other.chain().linkAll().block()).isOne();
      other.execute(
          List.of("insert into audit.events overriding system value select * from public.put_by"));
      assertThat(((Intact) other.verify()).waiting()).isOne();
      other.fixture().clock().advance(Duration.ofMinutes(2));
      other.execute(List.of("delete from audit.events where id = 1"));
      other.append().block();
      assertThat(other.chain().linkAll().block()).isOne();
      other.execute(
          List.of("insert into audit.events overriding system value select * from public.put_by"));
      var broken = (Broken) other.verify();
      assertThat(broken.fault()).isEqualTo("the event has lost its link");
      assertThat(broken.eventId()).isOne();
      assertThat(other.chain().linkAll().block()).as("nobody looks so far back").isZero();
    }
  }

  @Test
  void verifiesUnderRetiredKeysWhatIsOfTheirTimeOnly() {
    try (var old = AuditFixture.create("chained_rotated")) {
      old.fixture().clock().advance(Duration.ofDays(-2));
      old.write(1);
      var store = old.fixture().store(1);
      store.rotateNow(KeyUse.AUDIT).block();
      old.fixture().clock().advance(Duration.ofMinutes(10));
      var fresh = old.with(old.fixture().open(store));
      fresh.append().block();
      assertThat(fresh.chain().linkAll().block()).isOne();
      assertThat(old.fixture().texts("select distinct hash_key from audit.events")).hasSize(2);
      old.fixture().clock().advance(Duration.ofDays(1));
      var later = old.with(old.fixture().open(store));
      assertThat(old.fixture().texts("select state from auth.keys where use = 'audit'"))
          .containsExactlyInAnyOrder("retired", "active");
      assertThat(((Intact) later.verify()).links()).isEqualTo(2);

      old.fixture().clock().advance(Duration.ofMinutes(1));
      old.append().block();
      assertThat(((Broken) later.verify()).fault())
          .as("whoever has the old key writes nothing that holds")
          .isEqualTo("the event was not written by the service, or changed");
      old.chain().linkAll().block();
      assertThat(((Broken) later.verify()).fault()).startsWith("the link was changed");
      old.fixture().execute("update auth.keys set state = 'retiring' where state = 'retired'");
      old.fixture().execute("update auth.keys set state_since = now()");
      assertThat(((Broken) old.with(old.fixture().open(store)).verify()).fault())
          .as("whatever the owner of the keys' table says of it")
          .startsWith("the link was changed");
    }
  }

  @Test
  void linksTheRestWhereOneClockIsAhead() {
    try (var other = AuditFixture.create("chained_ahead")) {
      var registry = new SimpleMeterRegistry();
      var chain =
          new AuditChain(other.fixture().database(), other.keys(), new AuthMetrics(registry));
      other.fixture().clock().advance(Duration.ofDays(365));
      other.append().block();
      other.fixture().clock().advance(Duration.ofDays(-365));
      other.append().block();
      assertThat(chain.linkAll().block()).isOne();
      assertThat(registry.get("weir.auth.audit.ahead").gauge().value()).isOne();
      assertThat(((Intact) other.verify()).waiting()).as("until its time comes").isOne();

      // What an earlier release linked.
      other.execute(List.of("update audit.links set event_at = now() + interval '1 year'"));
      other.append().block();
      assertThat(chain.linkAll().block()).isOne();
    }
  }

  @Test
  void chainsWhatTheServiceDoes() {
    var system = TestSystem.shared();
    Person.registered(system.client()).login();
    var context = system.context();
    context.getBean(AuditChain.class).linkAll().block();
    var keys = context.getBean(Keys.class);
    var reading = context.getBean(Databases.class).as(DatabaseRole.READING);
    var out = new ByteArrayOutputStream();
    var command =
        new AuditCommand(
            new AuditVerification(reading, keys),
            new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(command.run()).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .startsWith("intact: ")
        .doesNotContain(": 0 links");
  }
}
