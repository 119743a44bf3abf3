package dev.weir.auth.config;

import dev.weir.auth.account.Account;
import dev.weir.auth.account.AccountStatus;
import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.AddressIndexRenewal;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.database.Database;
import dev.weir.auth.key.Kek;
import dev.weir.auth.key.Keks;
import dev.weir.auth.key.KeyFacts;
import dev.weir.auth.key.KeyPace;
import dev.weir.auth.key.KeyStore;
import dev.weir.auth.key.Keys;
import dev.weir.auth.key.RenewalJob;
import dev.weir.auth.key.Resealing;
import dev.weir.auth.observe.AuthMetrics;
import dev.weir.auth.password.PepperRenewal;
import dev.weir.auth.testing.MovableClock;
import dev.weir.auth.testing.TestSystem;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.flywaydb.core.Flyway;

/**
 * A database of a test's own with its keys and its clock: the shared services could not know other
 * keys in time where ten minutes pass at once.
 */
record KeyFixture(String name, Databases databases, AuthMetrics metrics, MovableClock clock)
    implements AutoCloseable {
  static KeyFixture create(String name) {
    run("postgres", "create database " + name);
    return migrated(name);
  }

  /** Creates what is migrated only after these statements, which an earlier release could do. */
  static KeyFixture since(String name, String version, String... statements) {
    run("postgres", "create database " + name);
    var roles =
        Map.of(
            "application", "auth_app",
            "outbox", "auth_outbox",
            "reading", "auth_read",
            "purging", "auth_purge");
    Flyway.configure()
        .dataSource(url(name), "postgres", "postgres")
        .locations("classpath:db/migration")
        .schemas("auth", "audit")
        .defaultSchema("auth")
        .placeholders(roles)
        .target(version)
        .load()
        .migrate();
    for (var statement : statements) {
      run(name, statement);
    }
    return migrated(name);
  }

  /** Starts as a service does whose database is there. */
  static KeyFixture migrated(String name) {
    var variables = TestSystem.shared().variables();
    variables.put(
        "WEIR_AUTH_DATABASE_URL",
        "postgresql://127.0.0.1:" + TestSystem.shared().postgres().getPort() + "/" + name);
    var settings = SettingsReader.read(SettingSources.of(variables)).database();
    new Migration(settings).run();
    var metrics = new AuthMetrics(new SimpleMeterRegistry());
    return new KeyFixture(name, new Databases(settings, metrics), metrics, new MovableClock());
  }

  Database database() {
    return databases.as(DatabaseRole.APPLICATION);
  }

  /** Stores keys under the first of these key-encryption keys, and opens under any. */
  KeyStore store(int current, int... others) {
    var keks = new Keks(kek(current), Arrays.stream(others).mapToObj(KeyFixture::kek).toList());
    return new KeyStore(database(), keks, KeyPace.USUAL, clock);
  }

  /** Opens the ring as an instance that looks now would know it. */
  Keys open(KeyStore store) {
    return new Keys(store.rotateWhenDue().blockOptional().orElseThrow());
  }

  Accounts accounts(Keys keys) {
    return new Accounts(database(), keys, clock);
  }

  RenewalJob renewal(KeyStore store, Keys keys) {
    var resealing = new Resealing(database(), keys, KeyConfiguration.sealedColumns(), metrics);
    return new RenewalJob(
        store,
        keys,
        List.of(
            resealing,
            new PepperRenewal(database(), keys),
            new AddressIndexRenewal(database(), keys)),
        clock);
  }

  Account account(Accounts accounts, String address) {
    return database()
        .inTransaction(accounts.create(new EmailAddress(address), AccountStatus.ACTIVE))
        .blockOptional()
        .orElseThrow();
  }

  static Optional<UUID> found(Accounts accounts, String address) {
    return accounts.findByEmail(new EmailAddress(address)).map(Account::id).blockOptional();
  }

  static String active(KeyStore store, String use) {
    return first(store, key -> key.use().equals(use) && key.state().equals("active")).kid();
  }

  static String state(KeyStore store, String kid) {
    return first(store, key -> key.kid().equals(kid)).state();
  }

  private static KeyFacts first(KeyStore store, Predicate<KeyFacts> wanted) {
    return store.list().blockOptional().orElseThrow().stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow();
  }

  static Kek kek(int fill) {
    var bytes = new byte[32];
    Arrays.fill(bytes, (byte) fill);
    return new Kek(bytes);
  }

  /** Returns the first month that the audit log has, whatever month it is by now. */
  YearMonth firstMonth() {
    var name =
        texts("select min(relname) from pg_class where relname ~ '^events_[0-9]{4}_[0-9]{2}$'");
    return YearMonth.parse(name.getFirst().substring("events_".length()).replace('_', '-'));
  }

  /** Returns the first column of what the superuser sees. */
  List<String> texts(String sql) {
    try (var connection = connect(name);
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

  /** Does as the superuser what nobody else may. */
  void execute(String sql, Object... values) {
    run(name, sql, values);
  }

  private static void run(String database, String sql, Object... values) {
    try (var connection = connect(database);
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), "postgres", "postgres");
  }

  private static String url(String database) {
    return "jdbc:postgresql://127.0.0.1:"
        + TestSystem.shared().postgres().getPort()
        + "/"
        + database;
  }

  @Override
  public void close() {
    databases.close();
  }
}
