package dev.weir.quickstart.store;

import dev.weir.quickstart.certificate.PrivateFile;
import dev.weir.quickstart.process.Launch;
import dev.weir.quickstart.process.Readiness;
import dev.weir.quickstart.process.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Postgres cluster in a folder: created once, then started as a direct child of the launcher. */
public final class PostgresFolder {
  private final Path binaries;
  private final Path data;
  private final int port;
  private final List<String> wrapper;

  /**
   * Names the folders; nothing is touched yet.
   *
   * @param wrapper what the commands are started through; see {@link RootWrapper}
   */
  public PostgresFolder(Path binaries, Path data, int port, List<String> wrapper) {
    this.binaries = binaries;
    this.data = data;
    this.port = port;
    this.wrapper = List.copyOf(wrapper);
  }

  /** Creates the cluster unless there is one already. */
  public void create(Secret superuser, Path log) throws IOException, InterruptedException {
    if (Files.exists(data.resolve("PG_VERSION")) && !Files.exists(unfinished())) {
      return;
    }
    clear();
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(data.getParent());
    Files.createDirectory(data, ownerOnly);
    Files.createFile(unfinished());
    var passwordFile = data.resolveSibling("postgres.password");
    PrivateFile.write(passwordFile, superuser.text() + "\n");
    try {
      initialise(passwordFile, log);
    } finally {
      Files.delete(passwordFile);
    }
    Files.delete(unfinished());
  }

  private void initialise(Path passwordFile, Path log) throws IOException, InterruptedException {
    var command =
        command(
            "initdb",
            List.of(
                "-D",
                data.toString(),
                "-U",
                "postgres",
                "-A",
                "scram-sha-256",
                "--pwfile=" + passwordFile,
                "-E",
                "UTF8",
                // The same order and case rules on every machine.
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8"));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    if (process.waitFor() != 0) {
      throw new StartFailedException("postgres: initdb failed; see " + log);
    }
  }

  /** The server's process. SIGINT is its fast end: clients are cut off, data is written out. */
  public Launch launch() {
    var command =
        command(
            "postgres",
            List.of(
                "-D", data.toString(),
                "-p", Integer.toString(port),
                "-c", "listen_addresses=127.0.0.1",
                // Socket paths have a length limit that deep checkouts exceed, and nobody needs the
                // socket.
                "-c", "unix_socket_directories=",
                "-c", "max_connections=60",
                "-c", "shared_buffers=64MB",
                "-c", "log_timezone=UTC",
                "-c", "timezone=UTC"));
    return new Launch(command, Map.of(), "INT");
  }

  /** The postmaster itself notes in its pid file when it accepts connections. */
  public Readiness readiness() {
    return pid -> {
      try {
        var lines = Files.readAllLines(data.resolve("postmaster.pid"));
        return lines.size() >= 8
            && lines.getFirst().strip().equals(Long.toString(pid))
            && lines.get(7).strip().equals("ready");
      } catch (IOException notYet) {
        return false;
      }
    };
  }

  /**
   * Removes the pid file of an earlier server. Only for a folder that is known to be without one:
   * the number in it may since have gone to a stranger, and Postgres would then refuse to start.
   */
  public void forgetEarlierServer() throws IOException {
    Files.deleteIfExists(data.resolve("postmaster.pid"));
  }

  private Path unfinished() {
    return data.resolveSibling("postgres.unfinished");
  }

  private void clear() throws IOException {
    if (!Files.exists(data)) {
      Files.deleteIfExists(unfinished());
      return;
    }
    Tree.delete(data);
    Files.deleteIfExists(unfinished());
  }

  private List<String> command(String program, List<String> arguments) {
    var command = new ArrayList<>(wrapper);
    command.add(binaries.resolve("bin").resolve(program).toString());
    command.addAll(arguments);
    return command;
  }
}
