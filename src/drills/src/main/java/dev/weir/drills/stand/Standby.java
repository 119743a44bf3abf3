package dev.weir.drills.stand;

import dev.weir.bench.process.Placement;
import dev.weir.bench.process.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A streaming replica of a whole system's Postgres, made while that runs. The primary commits
 * nothing that the replica has not written to its disk, so that whoever promotes it loses nothing.
 */
public final class Standby implements AutoCloseable {
  private static final String NAME = "standby";

  private final Processes processes = new Processes();
  private final Superuser own;

  private Standby(WholeSystem system, int port) throws IOException {
    this.own = Superuser.of(system.state(), port);
  }

  /** Makes it, and returns once every commit of the primary waits for it. */
  public static Standby follow(WholeSystem system, Path folder, int port)
      throws IOException, InterruptedException {
    var standby = new Standby(system, port);
    try {
      standby.begin(system, folder);
      return standby;
    } catch (IOException | InterruptedException e) {
      standby.close();
      throw e;
    }
  }

  private void begin(WholeSystem system, Path folder) throws IOException, InterruptedException {
    var primary = system.postgres();
    var data = folder.resolve("standby-data");
    // What is written between the copy and the first streamed byte.
    primary.run("alter system set wal_keep_size = '256MB'");
    primary.run("select pg_reload_conf()");
    copy(primary, system.state().resolve("data/postgres"), data);
    Files.createFile(data.resolve("standby.signal"));
    Files.writeString(
        data.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres password=%s application_name=%s'%n"
            .formatted(primary.port(), primary.password(), NAME),
        StandardOpenOption.APPEND);
    var log = folder.resolve("standby.log");
    var binary = system.state().resolve("bin/postgres/bin/postgres");
    var _ = processes.start(Placement.anywhere(), command(binary, data), Map.of(), log, log);
    primary.await("select count(*) = 1 from pg_stat_replication where state = 'streaming'");
    // Set after the copy: the replica, once promoted, must not wait for itself.
    primary.run("alter system set synchronous_standby_names = '" + NAME + "'");
    primary.run("select pg_reload_conf()");
    primary.await("select count(*) = 1 from pg_stat_replication where sync_state = 'sync'");
  }

  private static void copy(Superuser primary, Path from, Path to) throws IOException {
    // Beginning and end of a backup belong to one connection.
    try (var connection = primary.connect();
        var statement = connection.createStatement()) {
      statement.execute("select pg_backup_start('drill', true)");
      DataCopy.make(from, to);
      try (var rows = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
        if (!rows.next()) {
          throw new IOException("the backup has no end");
        }
        Files.writeString(to.resolve("backup_label"), rows.getString(1));
      }
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  private List<String> command(Path binary, Path data) throws IOException {
    var command = new ArrayList<String>();
    // Postgres refuses root, and in a namespace of its own does not see that it is root.
    if (Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(
        List.of(
            binary.toString(),
            "-D",
            data.toString(),
            "-p",
            Integer.toString(own.port()),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=60",
            "-c",
            "shared_buffers=64MB"));
    return command;
  }

  /** Makes it the primary, and returns once it can be written to. */
  public void promote() throws IOException, InterruptedException {
    own.run("select pg_promote(true, 20)");
    own.await("select not pg_is_in_recovery()");
  }

  @Override
  public void close() {
    processes.close();
  }
}
