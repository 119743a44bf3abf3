package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditChain;
import dev.weir.auth.audit.AuditEvent;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.audit.AuditVerification;
import dev.weir.auth.audit.Verdict;
import dev.weir.auth.audit.Verdict.Broken;
import dev.weir.auth.audit.Verdict.Intact;
import dev.weir.auth.cli.AuditCommand;
import dev.weir.auth.database.Database;
import dev.weir.auth.key.Kek;
import dev.weir.auth.key.Keks;
import dev.weir.auth.key.KeyStore;
import dev.weir.auth.key.Keys;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.testing.MovableClock;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Does to a log of its own, as the database's superuser, what nobody should. */
class AuditChainIT {
  private static final String DATABASE = "chained";
  private static final AuthMetrics METRICS = new AuthMetrics(new SimpleMeterRegistry());

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

  private static Fixture fixture = Fixture.unopened();

  @BeforeAll
  static void writeALog() {
    fixture = Fixture.open();
    for (int i = 1; i <= 5; i++) {
      fixture.append();
    }
    assertThat(fixture.chain.linkAll().block()).isEqualTo(5);
  }

  @AfterAll
  static void close() {
    fixture.close();
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
        "insert into audit.events (at, action, address, trace_id) select max(at), 'x', '10.0.0.1', '-' from audit.events | 5 | 6 | the event was not written by the service"
      })
  void namesTheFirstPlaceThatWasTouched(String crime, long link, long event, String fault) {
    fixture.execute(REMEMBER);
    try {
      fixture.execute(List.of(crime));
      var broken = (Broken) fixture.verify();
      assertThat(broken.fault()).isEqualTo(fault);
      assertThat(broken.link()).isEqualTo(link);
      if (!crime.startsWith("insert")) {
        assertThat(broken.eventId()).isEqualTo(event);
      }
    } finally {
      fixture.execute(RESTORE);
    }
    assertThat(fixture.verify()).isInstanceOf(Intact.class);
  }

  @Test
  void showsAnEndThatWasCutOffByTheHeadThatSomebodyKept() {
    var before = (Intact) fixture.verify();
    fixture.execute(REMEMBER);
    try {
      fixture.execute(
          List.of(
              "delete from audit.links where seq = 5", "delete from audit.events where id = 5"));
      assertThat(((Intact) fixture.verify()).headText()).isNotEqualTo(before.headText());
    } finally {
      fixture.execute(RESTORE);
    }
  }

  @Test
  void linksMoreThanABatchOnceHoweverManyLinkTogether() {
    try (var other = Fixture.open("chained_more")) {
      Flux.range(0, 450).concatMap(_ -> other.appended()).blockLast();
      assertThat(((Intact) other.verify()).waiting()).isEqualTo(450);
      Mono.zip(other.chain.linkAll(), other.anotherChain().linkAll()).block();
      other.chain.linkAll().block();
      var intact = (Intact) other.verify();
      assertThat(intact.links()).isEqualTo(450);
      assertThat(intact.waiting()).isZero();
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

  /** A log with its keys. */
  private record Fixture(
      Databases databases,
      Database database,
      Keys keys,
      AuditLog log,
      AuditChain chain,
      String name)
      implements AutoCloseable {
    static Fixture unopened() {
      return open("chained_first");
    }

    static Fixture open() {
      return open(DATABASE);
    }

    static Fixture open(String name) {
      var postgres = TestSystem.shared().postgres();
      run(postgres.getJdbcUrl("postgres", "postgres"), List.of("create database " + name));
      var variables = TestSystem.shared().variables();
      variables.put(
          "WEIR_AUTH_DATABASE_URL", "postgresql://127.0.0.1:" + postgres.getPort() + "/" + name);
      var settings = SettingsReader.read(SettingSources.of(variables)).database();
      new Migration(settings).run();
      var databases = new Databases(settings, METRICS);
      var database = databases.as(DatabaseRole.APPLICATION);
      var clock = new MovableClock();
      var store = new KeyStore(database, new Keks(new Kek(new byte[32]), List.of()), clock);
      var keys = new Keys(store.rotateWhenDue().blockOptional().orElseThrow());
      return new Fixture(
          databases,
          database,
          keys,
          new AuditLog(database, keys, clock),
          new AuditChain(database, keys, METRICS),
          name);
    }

    AuditChain anotherChain() {
      return new AuditChain(database, keys, METRICS);
    }

    void append() {
      appended().block();
    }

    Mono<Void> appended() {
      return database.run(
          log.append(
              new AuditEvent(
                  AuditAction.LOGIN_SUCCEEDED,
                  Optional.of(UUID.randomUUID()),
                  Optional.empty(),
                  "2001:db8:0:0:0:0:0:1",
                  "trace")));
    }

    Verdict verify() {
      return new AuditVerification(databases.as(DatabaseRole.READING), keys)
          .verify()
          .blockOptional()
          .orElseThrow();
    }

    void execute(List<String> statements) {
      var port = TestSystem.shared().postgres().getPort();
      run("jdbc:postgresql://127.0.0.1:" + port + "/" + name, statements);
    }

    private static void run(String url, List<String> statements) {
      try (var connection =
              DriverManager.getConnection(url.replaceFirst("\\?.*", ""), "postgres", "postgres");
          var statement = connection.createStatement()) {
        for (var sql : statements) {
          statement.execute(sql);
        }
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      databases.close();
    }
  }
}
