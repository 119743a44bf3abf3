package dev.weir.quickstart.store;

import dev.weir.quickstart.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import redis.embedded.core.ExecutableProvider;

/** The Redis server from the library that carries it. */
public record RedisBinary(Path executable) {
  /** Unpacks the server unless it was unpacked before. */
  public static RedisBinary unpack(Path folder) throws IOException {
    var executable = folder.resolve("redis-server");
    if (Files.exists(executable)) {
      return new RedisBinary(executable);
    }
    Files.createDirectories(folder);
    var unpacked = ExecutableProvider.newJarResourceProvider(folder.toFile()).get().toPath();
    Files.move(unpacked, executable, StandardCopyOption.ATOMIC_MOVE);
    return new RedisBinary(executable);
  }

  /**
   * The server's process, without persistence: what Redis holds for Weir can be lost, and a drill
   * that kills it shows just that.
   */
  public Launch launch(int port) {
    var command =
        List.of(
            executable.toString(),
            "--bind",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--save",
            "",
            "--appendonly",
            "no",
            "--dir",
            executable.resolveSibling("").toString(),
            // The next start recognises a server left behind by its command line.
            "--set-proc-title",
            "no");
    return new Launch(command, Map.of(), "TERM");
  }
}
