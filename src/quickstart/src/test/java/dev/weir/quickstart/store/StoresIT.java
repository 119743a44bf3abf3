package dev.weir.quickstart.store;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.quickstart.process.FreePort;
import dev.weir.quickstart.process.Launch;
import dev.weir.quickstart.process.Part;
import dev.weir.quickstart.process.PidFile;
import dev.weir.quickstart.process.Readiness;
import dev.weir.quickstart.process.SocketReadiness;
import dev.weir.quickstart.process.Supervisor;
import dev.weir.quickstart.process.Upkeep;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real servers, unpacked and run as {@code ./weir up} does. */
@NullMarked
class StoresIT {
  private static final Duration GRACE = Duration.ofSeconds(20);

  @TempDir Path folder = Path.of("");

  @Test
  void keepsDataAndRolesFromOneRunToTheNext() throws Exception {
    int port = FreePort.find();
    var superuser = secret("postgres");
    var passwords = new HashMap<String, Secret>();
    for (var role : Database.ROLES) {
      passwords.put(role, secret(role));
    }
    var database = new Database(port, superuser, passwords);
    PostgresBinaries.unpack(folder.resolve("bin"));
    var cluster =
        new PostgresFolder(
            folder.resolve("bin"), folder.resolve("data/pg"), port, RootWrapper.detect());
    cluster.create(superuser, folder.resolve("initdb.log"));

    var first = start(cluster.launch(), port, cluster.readiness());
    database.create(folder.resolve("mark"));
    execute(port, Database.OWNER, database.password(Database.OWNER), "CREATE TABLE kept (id int)");
    assertThatThrownBy(
            () -> execute(port, Database.APP, database.password(Database.OWNER), "SELECT 1"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
    first.stop(List.of("store"), GRACE);

    cluster.create(superuser, folder.resolve("initdb.log"));
    var second = start(cluster.launch(), port, cluster.readiness());
    database.create(folder.resolve("mark"));
    execute(port, Database.OWNER, database.password(Database.OWNER), "INSERT INTO kept VALUES (1)");
    assertThatThrownBy(
            () ->
                execute(
                    port, Database.APP, database.password(Database.APP), "CREATE TABLE t (id int)"))
        .hasMessageContaining("permission denied");
    second.stop(List.of("store"), GRACE);
  }

  @Test
  void startsRedisThatAnswers() throws Exception {
    int port = FreePort.find();
    var redis = RedisBinary.unpack(folder.resolve("redis"));
    var supervisor = start(redis.launch(port), port, SocketReadiness.redis(port));
    assertThat(SocketReadiness.redis(port).isReady(1)).isTrue();
    supervisor.stop(List.of("store"), GRACE);
    assertThat(SocketReadiness.redis(port).isReady(1)).isFalse();
  }

  private Supervisor start(Launch launch, int port, Readiness readiness) throws Exception {
    var supervisor = new Supervisor(_ -> {}, new PidFile(folder.resolve("pids")), Duration.ZERO);
    var part =
        new Part("store", port, launch, folder.resolve("store.log"), readiness, Upkeep.RESTARTED);
    supervisor.start(part).get(30, SECONDS);
    return supervisor;
  }

  private Secret secret(String name) throws IOException {
    return Secret.keep(folder.resolve("secrets").resolve(name), new SecureRandom());
  }

  private static void execute(int port, String user, Secret password, String sql)
      throws SQLException {
    var url = "jdbc:postgresql://127.0.0.1:" + port + "/" + Database.NAME;
    try (var connection = DriverManager.getConnection(url, user, password.text());
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
