package dev.weir.auth.config;

import dev.weir.auth.audit.AuditAction;
import dev.weir.auth.audit.AuditChain;
import dev.weir.auth.audit.AuditEvent;
import dev.weir.auth.audit.AuditLog;
import dev.weir.auth.audit.AuditVerification;
import dev.weir.auth.audit.Verdict;
import dev.weir.auth.key.Keys;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** A log with its keys. */
record AuditFixture(KeyFixture fixture, Keys keys, AuditLog events, AuditChain chain)
    implements AutoCloseable {
  static AuditFixture create(String name) {
    var fixture = KeyFixture.create(name);
    var keys = fixture.open(fixture.store(1));
    var events = new AuditLog(fixture.database(), keys, fixture.clock());
    return new AuditFixture(fixture, keys, events, chain(fixture, keys));
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
