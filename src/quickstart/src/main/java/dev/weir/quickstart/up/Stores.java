package dev.weir.quickstart.up;

import dev.weir.quickstart.process.Part;
import dev.weir.quickstart.process.SocketReadiness;
import dev.weir.quickstart.process.Upkeep;
import dev.weir.quickstart.store.Database;
import dev.weir.quickstart.store.PostgresBinaries;
import dev.weir.quickstart.store.PostgresFolder;
import dev.weir.quickstart.store.RedisBinary;
import dev.weir.quickstart.store.RootWrapper;
import dev.weir.quickstart.store.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;

/** Prepares Postgres and Redis of a run, so that the supervisor only has to start them. */
final class Stores {
  private final Ports ports;
  private final StateFolder state;
  private final SecureRandom random;

  Stores(Ports ports, StateFolder state, SecureRandom random) {
    this.ports = ports;
    this.state = state;
    this.random = random;
  }

  Part prepareRedis() throws IOException {
    int port = ports.get(PortSetting.REDIS);
    var binary = RedisBinary.unpack(state.resolve("bin/redis"));
    return new Part(
        "redis",
        port,
        binary.launch(port),
        state.newLog("redis"),
        SocketReadiness.redis(port),
        Upkeep.RESTARTED);
  }

  Part preparePostgres() throws IOException, InterruptedException {
    int port = ports.get(PortSetting.POSTGRES);
    var binaries = state.resolve("bin/postgres");
    PostgresBinaries.unpack(binaries);
    var folder = new PostgresFolder(binaries, data(), port, RootWrapper.detect());
    var log = state.newLog("postgres");
    folder.create(superuser(), log);
    folder.forgetEarlierServer();
    return new Part("postgres", port, folder.launch(), log, folder.readiness(), Upkeep.RESTARTED);
  }

  Database createDatabase() throws IOException {
    var passwords = new HashMap<String, Secret>();
    for (var role : Database.ROLES) {
      passwords.put(role, password(role));
    }
    var database = new Database(ports.get(PortSetting.POSTGRES), superuser(), passwords);
    // Another name whenever there are other roles: a run of before then gets them too.
    database.create(data().resolve("weir-five-roles-created"));
    return database;
  }

  Secret superuser() throws IOException {
    return password("postgres");
  }

  Secret password(String role) throws IOException {
    return Secret.keep(state.resolve("secrets/" + role), random);
  }

  private Path data() {
    return state.resolve("data/postgres");
  }
}
