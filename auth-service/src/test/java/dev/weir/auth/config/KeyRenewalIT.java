package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.AccountChanges;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.CodePurpose;
import dev.weir.auth.account.OneTimeCodes;
import dev.weir.auth.account.Profile;
import dev.weir.auth.cli.KeysCommand;
import dev.weir.auth.factor.Challenge;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.factor.Factors;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.UnreadableKey;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.Topic;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.HashMemory;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.session.Devices;
import dev.weir.auth.testing.TestSystem;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Changes keys under rows of a database of its own. */
class KeyRenewalIT {
  private static final KeyFixture FIXTURE = KeyFixture.create("renewal");

  @AfterAll
  static void close() {
    FIXTURE.close();
  }

  @Test
  void sealsEveryColumnAnewAndRetiresTheOldKey() {
    var store = FIXTURE.store(1);
    var keys = FIXTURE.open(store);
    var accounts = FIXTURE.accounts(keys);
    var account = filled(keys, accounts, "before@example.org");
    var old = KeyFixture.active(store, "field");
    assertThat(underOtherThan("nobody"))
        .as("rows under " + old)
        .allSatisfy((column, rows) -> assertThat(rows).as(column).isPositive());

    store.rotateNow(KeyUse.FIELD).block();
    assertThat(KeyFixture.active(store, "field"))
        .as("not before every instance knows it")
        .isEqualTo(old);
    FIXTURE.clock().advance(Duration.ofMinutes(10));
    var later = FIXTURE.open(store);
    var fresh = KeyFixture.active(store, "field");
    assertThat(fresh).isNotEqualTo(old);

    accounts = FIXTURE.accounts(later);
    assertThat(address(accounts, account))
        .as("old rows stay readable")
        .isEqualTo("before@example.org");
    filled(later, accounts, "between@example.org");
    var renewal = FIXTURE.renewal(store, later);
    assertThat(renewal.now().block()).isPositive();
    assertThat(underOtherThan(fresh).values()).containsOnly(0L);
    assertThat(KeyFixture.state(store, old))
        .as("somebody may still write under it")
        .isEqualTo("retiring");

    FIXTURE.clock().advance(Duration.ofMinutes(10));
    assertThat(renewal.now().block()).isZero();
    assertThat(KeyFixture.state(store, old)).isEqualTo("retired");
    assertThat(address(FIXTURE.accounts(FIXTURE.open(store)), account))
        .isEqualTo("before@example.org");
    renewal.close();
  }

  @Test
  void storesKeysUnderAnotherKeyEncryptionKey() {
    var before = FIXTURE.store(1);
    var account =
        filled(FIXTURE.open(before), FIXTURE.accounts(FIXTURE.open(before)), "kek@example.org");
    var both = FIXTURE.store(2, 1);
    both.rewrap().block();
    var now = KeyFixture.kek(2).id();
    assertThat(both.list().blockOptional().orElseThrow())
        .allSatisfy(key -> assertThat(key.kekId()).isEqualTo(now));
    assertThatThrownBy(() -> before.rotateWhenDue().block()).isInstanceOf(UnreadableKey.class);
    var after = FIXTURE.store(2);
    assertThat(address(FIXTURE.accounts(FIXTURE.open(after)), account))
        .isEqualTo("kek@example.org");
    var back = FIXTURE.store(1, 2);
    assertThat(back.rewrap().block()).isPositive();
    assertThat(back.rewrap().block()).as("done once").isZero();
  }

  /** Whoever has a key of cookies, and may write to the table, is to make no proofs of the log. */
  @Test
  void opensNoKeyForAnUseThatItWasNotMadeFor() {
    var store = FIXTURE.store(1);
    var kid = KeyFixture.active(store, "csrf");
    var change = "update auth.keys set use = ?, state = 'retiring' where kid = ?";
    FIXTURE.execute(change, "audit", kid);
    assertThatThrownBy(() -> store.rotateWhenDue().block())
        .isInstanceOf(UnreadableKey.class)
        .hasMessageContaining("another use");
    FIXTURE.execute("update auth.keys set use = 'csrf', state = 'active' where kid = ?", kid);
    assertThat(store.rotateWhenDue().block()).isNotNull();
  }

  @Test
  void keepsAnOldPepperUntilItsLastPasswordIsHashedAnew() {
    var store = FIXTURE.store(1);
    var keys = FIXTURE.open(store);
    var account = FIXTURE.account(FIXTURE.accounts(keys), "pepper@example.org");
    var credentials = new Credentials(FIXTURE.database(), FIXTURE.clock());
    try (var hasher =
        new PasswordHasher(keys, FIXTURE.metrics(), 1, TestSystem.CHEAP, HashMemory.of(0))) {
      var hash = hasher.hash("seven brown horses").blockOptional().orElseThrow();
      credentials.create(account.id(), hash).block();
      store.rotateNow(KeyUse.PEPPER).block();
    }
    var old = KeyFixture.active(store, "pepper");
    FIXTURE.clock().advance(Duration.ofMinutes(10));
    var later = FIXTURE.open(store);
    FIXTURE.clock().advance(Duration.ofMinutes(10));
    var renewal = FIXTURE.renewal(store, later);
    try (var hasher =
        new PasswordHasher(later, FIXTURE.metrics(), 1, TestSystem.CHEAP, HashMemory.of(0))) {
      assertThat(renewal.now().block()).isOne();
      assertThat(KeyFixture.state(store, old)).isEqualTo("retiring");
      var stored = credentials.find(account.id()).blockOptional().orElseThrow();
      assertThat(hasher.matches("seven brown horses", Optional.of(stored)).block()).isTrue();
      assertThat(hasher.isOutdated(stored)).isTrue();
      var fresh = hasher.hash("seven brown horses").blockOptional().orElseThrow();
      assertThat(credentials.replace(account.id(), stored, fresh).block()).isOne();
      assertThat(hasher.isOutdated(fresh)).isFalse();
      assertThat(renewal.now().block()).isZero();
      assertThat(KeyFixture.state(store, old)).isEqualTo("retired");
    }
    renewal.close();
  }

  @Test
  void knowsABrowserUnderTheOldDeviceKeyAndGivesItACookieUnderTheNew() {
    var store = FIXTURE.store(1);
    var before = new Devices(FIXTURE.open(store));
    var cookie = before.issue("holder@example.org");
    assertThat(before.next(Optional.of(cookie), "holder@example.org")).isEqualTo(cookie);
    store.rotateNow(KeyUse.DEVICE).block();
    FIXTURE.clock().advance(Duration.ofMinutes(10));
    var after = new Devices(FIXTURE.open(store));
    assertThat(after.isTrustedFor(cookie, "holder@example.org")).isTrue();
    assertThat(after.isTrustedFor(cookie, "other@example.org")).isFalse();
    var renewed = after.next(Optional.of(cookie), "holder@example.org");
    assertThat(renewed).isNotEqualTo(cookie);
    assertThat(after.isTrustedFor(renewed, "holder@example.org")).isTrue();
    assertThat(before.isTrustedFor(renewed, "holder@example.org"))
        .as("who does not know the new key")
        .isFalse();
  }

  @Test
  void answersTheCommandWithoutAnySecret() {
    var store = FIXTURE.store(1);
    var renewal = FIXTURE.renewal(store, FIXTURE.open(store));
    var out = new ByteArrayOutputStream();
    var command =
        new KeysCommand(store, renewal, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(command.run(List.of("list"))).isZero();
    assertThat(command.run(List.of("renew"))).isZero();
    assertThat(command.run(List.of("rotate", "csrf"))).isZero();
    assertThat(command.run(List.of("rotate", "everything"))).isEqualTo(2);
    assertThat(command.run(List.of("retire", "nobodys"))).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains(
            "sign",
            "active",
            "under " + KeyFixture.kek(1).id(),
            "0 met",
            "usage: keys list",
            "not retired: nobodys");
    renewal.close();
  }

  /** Whoever adds a sealed column has to name it to the walk. */
  @Test
  void walksEveryColumnThatHoldsSealedValues() {
    var columns =
        FIXTURE.texts(
            """
            select table_schema || '.' || table_name || '.' || column_name from information_schema.columns
            where table_schema = 'auth' and column_name like '%\\_ct' and table_name <> 'keys'""");
    assertThat(KeyConfiguration.sealedColumns().stream().map(c -> c.table() + "." + c.column()))
        .containsExactlyInAnyOrderElementsOf(columns);
  }

  /** Puts at least one value into each sealed column. */
  private static Account filled(Keys keys, Accounts accounts, String address) {
    var account = FIXTURE.account(accounts, address);
    new AccountChanges(FIXTURE.database(), keys, FIXTURE.clock())
        .writeProfile(account.id(), account.version(), Profile.EMPTY)
        .block();
    new OneTimeCodes(FIXTURE.database(), keys, FIXTURE.clock())
        .issue(account.id(), CodePurpose.VERIFY_ADDRESS)
        .block();
    new Factors(FIXTURE.database(), keys, FIXTURE.clock()).enrol(account.id()).block();
    new Challenges(FIXTURE.database(), keys, FIXTURE.clock())
        .open(new Challenge(account.id(), account.epoch(), Optional.empty(), "x"))
        .block();
    new Outbox(FIXTURE.database(), FIXTURE.database(), keys, FIXTURE.clock())
        .add(Topic.MAIL, new byte[] {1}, "test:" + address)
        .block();
    FIXTURE.execute(
        "insert into auth.idempotency (key_digest, fingerprint, state, answer_ct, started_at, expires_at)"
            + " values (?, 'x', 'done', ?, now(), now())",
        address,
        keys.seal(new byte[] {1}, "idempotency.answer"));
    var id = UUID.randomUUID();
    FIXTURE.execute(
        "insert into auth.sessions (id, user_id, status, counter, key_ct, created_at, last_used_at,"
            + " idle_expires_at, abs_expires_at, acr, amr, auth_time, persistent, client_id,"
            + " user_agent, address) values (?, ?, 'active', 0, ?, now(), now(), now(), now(), 'a',"
            + " '{}', now(), false, 'native', '-', '-')",
        id,
        account.id(),
        keys.seal(new byte[32], "sessions.key:" + id));
    return account;
  }

  /** Returns for each sealed column how many values are not led by this key id. */
  private static Map<String, Long> underOtherThan(String kid) {
    var counts = new HashMap<String, Long>();
    for (var column : KeyConfiguration.sealedColumns()) {
      var sql =
          """
          select count(*) from %1$s
          where substring(%2$s from 2 for length('%3$s')) <> convert_to('%3$s', 'UTF8')"""
              .formatted(column.table(), column.column(), kid);
      counts.put(
          column.table() + "." + column.column(), Long.parseLong(FIXTURE.texts(sql).getFirst()));
    }
    return counts;
  }

  private static String address(Accounts accounts, Account account) {
    return accounts.details(account.id()).blockOptional().orElseThrow().email();
  }
}
