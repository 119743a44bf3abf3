package dev.weir.auth.config;

import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditChain;
import dev.weir.auth.audit.AuditEvent;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.audit.AuditRetention;
import dev.weir.auth.audit.AuditVerification;
import dev.weir.auth.audit.Verdict;
import dev.weir.auth.key.Keys;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** A log with its keys. */
record AuditFixture(KeyFixture fixture, Keys keys, AuditLog events, AuditChain chain)
    implements AutoCloseable {
  private static final String LAST_MONTHS =
      """
      do $$
      declare
        this timestamp := date_trunc('month', now() at time zone 'UTC');
        month timestamp;
      begin
        execute format('drop table audit.%I', 'events_' || to_char(this, 'YYYY_MM'));
        for back in reverse 3..0 loop
          month := this - make_interval(months => back);
          execute format(
            'create table audit.%I partition of audit.events for values from (%L) to (%L)',
            'events_' || to_char(month, 'YYYY_MM'),
            month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
        end loop;
      end
      $$""";

  static AuditFixture create(String name) {
    var fixture = KeyFixture.create(name);
    var keys = fixture.open(fixture.store(1));
    var events = new AuditLog(fixture.database(), keys, fixture.clock());
    return new AuditFixture(fixture, keys, events, chain(fixture, keys));
  }

  /**
   * Creates a log with its three last months, the clock in the first of them: what is dropped has
   * to be past by the clock of the database too, and nobody moves that.
   */
  static AuditFixture past(String name) {
    var log = create(name);
    log.execute(List.of(LAST_MONTHS));
    log.into(log.first());
    return log;
  }

  YearMonth first() {
    return fixture.firstMonth();
  }

  void into(YearMonth month) {
    setClock(month.atDay(15).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  void setClock(Instant then) {
    fixture.clock().advance(Duration.between(fixture.clock().instant(), then));
  }

  void write(int events) {
    for (int i = 0; i < events; i++) {
      append().block();
    }
    chain.linkAll().block();
  }

  AuditRetention retention(int months) {
    var purging = fixture.databases().as(DatabaseRole.PURGING);
    return new AuditRetention(fixture.database(), purging, keys, months, fixture.clock());
  }

  /** Returns the partitions in which there are events. */
  List<String> partitions() {
    return fixture.texts(
        """
        select c.relname from pg_class c
        where c.oid in (select tableoid from audit.events) order by 1""");
  }

  static String partition(YearMonth month) {
    return "events_%d_%02d".formatted(month.getYear(), month.getMonthValue());
  }

  /** Returns the same log as somebody sees it who knows these keys. */
  AuditFixture with(Keys others) {
    var events = new AuditLog(fixture.database(), others, fixture.clock());
    return new AuditFixture(fixture, others, events, chain(fixture, others));
  }

  private static AuditChain chain(KeyFixture fixture, Keys keys) {
    return new AuditChain(fixture.database(), keys, fixture.metrics());
  }

  AuditChain anotherChain() {
    return chain(fixture, keys);
  }

  Mono<Void> append() {
    return fixture
        .database()
        .run(
            events.append(
                new AuditEvent(
                    AuditAction.LOGIN_SUCCEEDED,
                    Optional.of(UUID.randomUUID()),
                    Optional.empty(),
                    "2001:db8:0:0:0:0:0:1",
                    "trace")));
  }

  Verdict verify() {
    var reading = fixture.databases().as(DatabaseRole.READING);
    return new AuditVerification(reading, keys).verify().blockOptional().orElseThrow();
  }

  void execute(List<String> statements) {
    statements.forEach(fixture::execute);
  }

  @Override
  public void close() {
    fixture.close();
  }
}
