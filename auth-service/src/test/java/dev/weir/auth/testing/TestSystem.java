package dev.weir.auth.testing;

import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.administration.Administration;
import dev.weir.auth.config.AuthService;
import dev.weir.auth.config.SettingSources;
import dev.weir.auth.config.SettingsReader;
import dev.weir.auth.outbox.OutboxWorker;
import dev.weir.auth.password.HashCost;
import dev.weir.auth.session.Origin;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.web.server.reactive.context.ReactiveWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import redis.embedded.RedisServer;

/**
 * One running auth service over one Postgres and one Redis, started once in a JVM and shared by all
 * tests.
 */
public final class TestSystem {
  private static final class Holder {
    static final TestSystem SHARED = start();
  }

  /**
   * Runs until the JVM ends: services in one JVM share event loops, and closing one closes them.
   */
  private static final class Concealing {
    static final ConfigurableApplicationContext SERVICE =
        shared()
            .startService(
                Map.of(
                    "WEIR_AUTH_REGISTRATION_DISCLOSURE",
                    "conceal",
                    // Nobody listens there: what a replica would answer, the primary does.
                    "WEIR_AUTH_DATABASE_REPLICA_URL",
                    "postgresql://127.0.0.1:1/postgres"));
  }

  /** Asks for work, as little as it can. */
  private static final class Puzzling {
    static final ConfigurableApplicationContext SERVICE =
        shared()
            .startService(
                Map.of(
                    "WEIR_AUTH_REGISTRATION_DISCLOSURE",
                    "reveal",
                    "WEIR_AUTH_CAPTCHA_EFFORT",
                    "8"));
  }

  /** Hashes at the price of production, and lets anybody try as often as they like. */
  private static final class Priced {
    static final ConfigurableApplicationContext SERVICE =
        shared()
            .startService(
                Map.of(
                    "WEIR_AUTH_REGISTRATION_DISCLOSURE",
                    "reveal",
                    "WEIR_AUTH_LIMIT_LOGIN_ADDRESS",
                    "100000/5m",
                    "WEIR_AUTH_LIMIT_LOGIN_IDENTITY",
                    "100000/15m"),
                HashCost.CURRENT);
  }

  /** A sixteenth of the price of production: most tests are not about it, and log in a lot. */
  public static final HashCost CHEAP = new HashCost(2 * 1024, 1, 1);

  private final EmbeddedPostgres postgres;
  private final RedisProcess redis;
  private final Path kek;
  private final MovableClock clock = new MovableClock();
  private final ProofKey service = ProofKey.make(clock);
  private final Path clients;
  private final SmtpSink smtp = SmtpSink.start();
  private final RangeServer ranges = RangeServer.start();
  private final ConfigurableApplicationContext context;

  private TestSystem() throws IOException {
    this.postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            // For a test that counts statements; whom nobody asks it costs next to nothing.
            .setServerConfig("shared_preload_libraries", "pg_stat_statements")
            .start();
    this.redis = RedisProcess.start();
    this.kek = kekFile();
    this.clients = clientsFile(service);
    // A replica that never lags: the primary.
    this.context =
        startService(
            Map.of(
                "WEIR_AUTH_REGISTRATION_DISCLOSURE",
                "reveal",
                "WEIR_AUTH_DATABASE_REPLICA_URL",
                "postgresql://127.0.0.1:" + postgres.getPort() + "/postgres"));
    var worker = context.getBean(OutboxWorker.class);
    smtp.whileWaiting(() -> worker.deliverDue().block());
  }

  public static TestSystem shared() {
    return Holder.SHARED;
  }

  private static TestSystem start() {
    try {
      return new TestSystem();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ConfigurableApplicationContext startService(Map<String, String> more) {
    return startService(more, CHEAP);
  }

  private ConfigurableApplicationContext startService(Map<String, String> more, HashCost cost) {
    var variables = variables();
    variables.putAll(more);
    return AuthService.start(SettingsReader.read(SettingSources.of(variables)), clock, cost);
  }

  /** Returns the variables of a service of this system, on any free ports. */
  public Map<String, String> variables() {
    var variables = new HashMap<String, String>();
    variables.put("WEIR_AUTH_PORT", "0");
    variables.put("WEIR_AUTH_MANAGEMENT_PORT", "0");
    variables.put(
        "WEIR_AUTH_DATABASE_URL", "postgresql://127.0.0.1:" + postgres.getPort() + "/postgres");
    variables.put("WEIR_AUTH_DATABASE_OWNER_USER", "postgres");
    variables.put("WEIR_AUTH_DATABASE_OWNER_PASSWORD", "postgres");
    variables.put("WEIR_AUTH_DATABASE_PASSWORD", "of the application");
    variables.put("WEIR_AUTH_REDIS_URI", "redis://127.0.0.1:" + redis.port());
    variables.put("WEIR_AUTH_KEK_FILE", kek.toString());
    variables.put("WEIR_AUTH_CLIENTS_FILE", clients.toString());
    variables.put("WEIR_AUTH_LIMIT_REGISTER", "1000/1h");
    variables.put("WEIR_AUTH_PASSWORD_RANGES_URL", ranges.base().toString());
    variables.put("WEIR_AUTH_MAIL_SMTP_URI", "smtp://127.0.0.1:" + smtp.port());
    return variables;
  }

  /**
   * Returns the key of the service "orders", which may ask about tokens and end them, and of
   * "looker", which may ask alone.
   */
  public ProofKey service() {
    return service;
  }

  private static Path clientsFile(ProofKey service) throws IOException {
    var key = service.jwk().replace("{\"crv\"", "{\"kid\":\"orders-1\",\"crv\"");
    var file = Files.createTempFile("weir-clients", ".json");
    file.toFile().deleteOnExit();
    return Files.writeString(
        file,
        """
        {"orders": {"keys": [%s], "may": ["introspect", "revoke"]}, "looker": {"keys": [%s]}}"""
            .formatted(key, key));
  }

  public ConfigurableApplicationContext context() {
    return context;
  }

  public MovableClock clock() {
    return clock;
  }

  public RedisProcess redis() {
    return redis;
  }

  public SmtpSink smtp() {
    return smtp;
  }

  public RangeServer ranges() {
    return ranges;
  }

  public EmbeddedPostgres postgres() {
    return postgres;
  }

  /** Returns the postmaster, whom its data directory names, and its children. */
  public List<Long> postgresPids() throws IOException, SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("show data_directory")) {
      rows.next();
      return postgresPids(Path.of(rows.getString(1)));
    }
  }

  private static List<Long> postgresPids(Path directory) throws IOException {
    var first = Files.readAllLines(directory.resolve("postmaster.pid")).getFirst().strip();
    var postmaster = ProcessHandle.of(Long.parseLong(first)).orElseThrow();
    var pids = new ArrayList<Long>();
    pids.add(postmaster.pid());
    postmaster.children().forEach(child -> pids.add(child.pid()));
    return pids;
  }

  /** Ends every connection of the service, as a failover would. */
  public void dropConnections() throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'auth\\_%'");
    }
  }

  /** Gives somebody a role, as the command line would. */
  public void grant(String email, String role) {
    var administration = context.getBean(Administration.class);
    var user = administration.find(new EmailAddress(email)).blockOptional().orElseThrow();
    var nowhere = new Origin("127.0.0.1", "-");
    administration.grant(user.account().id(), role, nowhere).block();
  }

  public AuthClient client() {
    return AuthClient.of(portOf(context));
  }

  /**
   * Returns a client of a second service over the same stores, one that conceals who is registered.
   */
  public AuthClient concealing() {
    return AuthClient.of(portOf(concealingService()));
  }

  public ConfigurableApplicationContext concealingService() {
    return Concealing.SERVICE;
  }

  /** Returns a client of a third service over the same stores, one that asks for work. */
  public AuthClient puzzling() {
    return AuthClient.of(portOf(Puzzling.SERVICE));
  }

  /** Returns a client of a further service over the same stores, one that hashes as production. */
  public AuthClient priced() {
    return AuthClient.of(portOf(Priced.SERVICE));
  }

  public AuthClient management() {
    var port = context.getEnvironment().getRequiredProperty("local.management.port");
    return AuthClient.of(Integer.parseInt(port));
  }

  private static int portOf(ConfigurableApplicationContext context) {
    var server = ((ReactiveWebServerApplicationContext) context).getWebServer();
    return java.util.Objects.requireNonNull(server).getPort();
  }

  private static Path kekFile() throws IOException {
    var privately =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var file = Files.createTempFile("weir-kek", ".b64", privately);
    file.toFile().deleteOnExit();
    return Files.writeString(file, Base64.getEncoder().encodeToString(new byte[32]));
  }

  /** A Redis that can be killed and started again on the same port, empty. */
  public static final class RedisProcess {
    private final int port;
    private RedisServer server;

    private RedisProcess(int port) throws IOException {
      this.port = port;
      this.server = launch(port);
    }

    /** Starts another one, which whoever starts it kills. */
    public static RedisProcess start() throws IOException {
      return new RedisProcess(freePort());
    }

    private static int freePort() throws IOException {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }

    public int port() {
      return port;
    }

    /** Returns the whole revocation stream as text. */
    public String streamText() {
      try (var jedis = new redis.clients.jedis.Jedis("127.0.0.1", port)) {
        return jedis.xrange("a:local:rev:stream", "-", "+").toString();
      }
    }

    public void kill() throws IOException {
      server.stop();
    }

    public void restart() throws IOException {
      server = launch(port);
    }

    private static RedisServer launch(int port) throws IOException {
      var server =
          RedisServer.newRedisServer()
              .port(port)
              .bind("127.0.0.1")
              .setting("save \"\"")
              .setting("appendonly no")
              .build();
      server.start();
      return server;
    }
  }
}
