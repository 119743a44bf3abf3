package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.AccountChanges;
import dev.weir.auth.account.AccountStatus;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.CodePurpose;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.account.OneTimeCodes;
import dev.weir.auth.account.Profile;
import dev.weir.auth.cli.KeysCommand;
import dev.weir.auth.database.Database;
import dev.weir.auth.factor.Challenge;
import dev.weir.auth.factor.Challenges;
import dev.weir.auth.factor.Factors;
import dev.weir.auth.key.Kek;
import dev.weir.auth.key.Keks;
import dev.weir.auth.key.KeyStore;
import dev.weir.auth.key.KeyUse;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.RenewalJob;
import dev.weir.auth.key.Resealing;
import dev.weir.auth.key.UnreadableKey;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.outbox.Outbox;
import dev.weir.auth.outbox.Topic;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.PasswordHasher;
import dev.weir.auth.password.PepperRenewal;
import dev.weir.auth.testing.MovableClock;
import dev.weir.auth.testing.TestSystem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Changes keys under rows of a database of its own: the shared services could not know the new ones
 * in time, because here ten minutes pass at once.
 */
class KeyRenewalIT {
  private static final String DATABASE = "renewal";
  private static final MovableClock CLOCK = new MovableClock();
  private static final AuthMetrics METRICS = new AuthMetrics(new SimpleMeterRegistry());

  private static ConnectionPool pool = emptyPool();
  private static Database database = new Database(pool);

  @BeforeAll
  static void createDatabase() throws SQLException {
    var postgres = TestSystem.shared().postgres();
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + DATABASE);
    }
    var settings = settings();
    new Migration(settings.database()).run();
    pool = PostgresPool.create(settings.database());
    database = new Database(pool);
  }

  @AfterAll
  static void close() {
    pool.dispose();
  }

  @Test
  void sealsEveryColumnAnewAndRetiresTheOldKey() {
    var store = new KeyStore(database, keks(1), CLOCK);
    var keys = open(store);
    var accounts = new Accounts(database, keys, CLOCK);
    var account = filled(keys, accounts, "before@example.org");
    var old = active(store, "field");
    assertThat(underOtherThan("nobody"))
        .as("rows under " + old)
        .allSatisfy((column, rows) -> assertThat(rows).as(column).isPositive());

    store.rotateNow(KeyUse.FIELD).block();
    assertThat(active(store, "field")).as("not before every instance knows it").isEqualTo(old);
    CLOCK.advance(Duration.ofMinutes(10));
    var later = open(store);
    var fresh = active(store, "field");
    assertThat(fresh).isNotEqualTo(old);

    accounts = new Accounts(database, later, CLOCK);
    assertThat(address(accounts, account))
        .as("old rows stay readable")
        .isEqualTo("before@example.org");
    filled(later, accounts, "between@example.org");
    var renewal = renewal(store, later);
    assertThat(renewal.now().block()).isPositive();
    assertThat(underOtherThan(fresh).values()).containsOnly(0L);
    assertThat(state(store, old)).as("somebody may still write under it").isEqualTo("retiring");

    CLOCK.advance(Duration.ofMinutes(10));
    assertThat(renewal.now().block()).isZero();
    assertThat(state(store, old)).isEqualTo("retired");
    assertThat(address(new Accounts(database, open(store), CLOCK), account))
        .isEqualTo("before@example.org");
    renewal.close();
  }

  @Test
  void storesKeysUnderAnotherKeyEncryptionKey() {
    var before = new KeyStore(database, keks(1), CLOCK);
    var account =
        filled(open(before), new Accounts(database, open(before), CLOCK), "kek@example.org");
    var both = new KeyStore(database, keks(2, 1), CLOCK);
    both.rewrap().block();
    var now = kek(2).id();
    assertThat(both.list().blockOptional().orElseThrow())
        .allSatisfy(key -> assertThat(key.kekId()).isEqualTo(now));
    assertThatThrownBy(() -> before.rotateWhenDue().block()).isInstanceOf(UnreadableKey.class);
    var after = new KeyStore(database, keks(2), CLOCK);
    assertThat(address(new Accounts(database, open(after), CLOCK), account))
        .isEqualTo("kek@example.org");
    var back = new KeyStore(database, keks(1, 2), CLOCK);
    assertThat(back.rewrap().block()).isPositive();
    assertThat(back.rewrap().block()).as("done once").isZero();
  }

  @Test
  void keepsAnOldPepperUntilItsLastPasswordIsHashedAnew() {
    var store = new KeyStore(database, keks(1), CLOCK);
    var keys = open(store);
    var account = account(new Accounts(database, keys, CLOCK), "pepper@example.org");
    var credentials = new Credentials(database, CLOCK);
    try (var hasher = new PasswordHasher(keys, METRICS, 1, TestSystem.CHEAP)) {
      var hash = hasher.hash("seven brown horses").blockOptional().orElseThrow();
      credentials.create(account.id(), hash).block();
      store.rotateNow(KeyUse.PEPPER).block();
    }
    var old = active(store, "pepper");
    CLOCK.advance(Duration.ofMinutes(10));
    var later = open(store);
    CLOCK.advance(Duration.ofMinutes(10));
    var renewal = renewal(store, later);
    try (var hasher = new PasswordHasher(later, METRICS, 1, TestSystem.CHEAP)) {
      assertThat(renewal.now().block()).isOne();
      assertThat(state(store, old)).isEqualTo("retiring");
      var stored = credentials.find(account.id()).blockOptional().orElseThrow();
      assertThat(hasher.matches("seven brown horses", Optional.of(stored)).block()).isTrue();
      assertThat(hasher.isOutdated(stored)).isTrue();
      var fresh = hasher.hash("seven brown horses").blockOptional().orElseThrow();
      assertThat(credentials.replace(account.id(), stored, fresh).block()).isOne();
      assertThat(hasher.isOutdated(fresh)).isFalse();
      assertThat(renewal.now().block()).isZero();
      assertThat(state(store, old)).isEqualTo("retired");
    }
    renewal.close();
  }

  @Test
  void answersTheCommandWithoutAnySecret() {
    var store = new KeyStore(database, keks(1), CLOCK);
    var renewal = renewal(store, open(store));
    var out = new ByteArrayOutputStream();
    var command =
        new KeysCommand(store, renewal, new PrintStream(out, true, StandardCharsets.UTF_8));
    assertThat(command.run(List.of("list"))).isZero();
    assertThat(command.run(List.of("renew"))).isZero();
    assertThat(command.run(List.of("rotate", "csrf"))).isEqualTo(2);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("sign", "active", "under " + kek(1).id(), "0 met", "usage: keys list");
    renewal.close();
  }

  /** Whoever adds a sealed column has to name it to the walk. */
  @Test
  void walksEveryColumnThatHoldsSealedValues() {
    var columns =
        texts(
            """
            select table_schema || '.' || table_name || '.' || column_name from information_schema.columns
            where table_schema = 'auth' and column_name like '%\\_ct' and table_name <> 'keys'""");
    assertThat(
            CapabilityConfiguration.sealedColumns().stream().map(c -> c.table() + "." + c.column()))
        .containsExactlyInAnyOrderElementsOf(columns);
  }

  /** Puts at least one value into each sealed column. */
  private static Account filled(Keys keys, Accounts accounts, String address) {
    var account = account(accounts, address);
    new AccountChanges(database, keys, CLOCK)
        .writeProfile(account.id(), account.version(), Profile.EMPTY)
        .block();
    new OneTimeCodes(database, keys, CLOCK).issue(account.id(), CodePurpose.VERIFY_ADDRESS).block();
    new Factors(database, keys, CLOCK).enrol(account.id()).block();
    new Challenges(database, keys, CLOCK)
        .open(new Challenge(account.id(), account.epoch(), Optional.empty(), "x"))
        .block();
    new Outbox(database, keys, CLOCK).add(Topic.MAIL, new byte[] {1}, "test:" + address).block();
    execute(
        "insert into auth.idempotency (key_digest, fingerprint, state, answer_ct, started_at, expires_at)"
            + " values (?, 'x', 'done', ?, now(), now())",
        address,
        keys.seal(new byte[] {1}, "idempotency.answer"));
    var id = UUID.randomUUID();
    execute(
        "insert into auth.sessions (id, user_id, status, counter, key_ct, created_at, last_used_at,"
            + " idle_expires_at, abs_expires_at, acr, amr, auth_time, persistent, client_id,"
            + " user_agent, address) values (?, ?, 'active', 0, ?, now(), now(), now(), now(), 'a',"
            + " '{}', now(), false, 'native', '-', '-')",
        id,
        account.id(),
        keys.seal(new byte[32], "sessions.key:" + id));
    return account;
  }

  private static Account account(Accounts accounts, String address) {
    return accounts
        .create(new EmailAddress(address), AccountStatus.ACTIVE)
        .blockOptional()
        .orElseThrow();
  }

  private static String address(Accounts accounts, Account account) {
    return accounts.details(account.id()).blockOptional().orElseThrow().email();
  }

  private static Keys open(KeyStore store) {
    return new Keys(store.rotateWhenDue().blockOptional().orElseThrow());
  }

  private static RenewalJob renewal(KeyStore store, Keys keys) {
    var resealing = new Resealing(database, keys, CapabilityConfiguration.sealedColumns(), METRICS);
    return new RenewalJob(
        store, keys, List.of(resealing, new PepperRenewal(database, keys)), CLOCK);
  }

  private static String active(KeyStore store, String use) {
    return store.list().blockOptional().orElseThrow().stream()
        .filter(key -> key.use().equals(use) && key.state().equals("active"))
        .findFirst()
        .orElseThrow()
        .kid();
  }

  private static String state(KeyStore store, String kid) {
    return store.list().blockOptional().orElseThrow().stream()
        .filter(key -> key.kid().equals(kid))
        .findFirst()
        .orElseThrow()
        .state();
  }

  /** Returns for each sealed column how many values are not led by this key id. */
  private static Map<String, Long> underOtherThan(String kid) {
    var counts = new HashMap<String, Long>();
    for (var column : CapabilityConfiguration.sealedColumns()) {
      var sql =
          """
          select count(*) from %1$s
          where substring(%2$s from 2 for length('%3$s')) <> convert_to('%3$s', 'UTF8')"""
              .formatted(column.table(), column.column(), kid);
      counts.put(column.table() + "." + column.column(), Long.parseLong(texts(sql).getFirst()));
    }
    return counts;
  }

  private static List<String> texts(String sql) {
    try (var connection = connect();
        var rows = connection.createStatement().executeQuery(sql)) {
      var texts = new ArrayList<String>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(String sql, Object... values) {
    try (var connection = connect();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Connection connect() throws SQLException {
    var port = TestSystem.shared().postgres().getPort();
    var url = "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
    return DriverManager.getConnection(url, "postgres", "postgres");
  }

  private static Settings settings() {
    var variables = TestSystem.shared().variables();
    var port = TestSystem.shared().postgres().getPort();
    variables.put("WEIR_AUTH_DATABASE_URL", "postgresql://127.0.0.1:" + port + "/" + DATABASE);
    return SettingsReader.read(SettingSources.of(variables));
  }

  private static ConnectionPool emptyPool() {
    return PostgresPool.create(settings().database());
  }

  private static Keks keks(int current, int... others) {
    return new Keks(kek(current), Arrays.stream(others).mapToObj(KeyRenewalIT::kek).toList());
  }

  private static Kek kek(int fill) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return new Kek(bytes);
  }
}
