package dev.weir.quickstart.up;

import dev.weir.quickstart.process.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The jars of a run.
 *
 * <p>The services run from copies: a build while the system is up would otherwise pull their
 * classes away from under them.
 */
record Jars(Path gateway, Path gatewayOptions, Path auth, Path quickstart) {
  /** Copies what the build left under the checkout. */
  static Jars take(Path home, Path folder) throws IOException {
    Files.createDirectories(folder);
    return new Jars(
        copy(home.resolve("gateway/target/gateway.jar"), folder),
        home.resolve("gateway/jvm.options"),
        copy(home.resolve("auth-service/target/auth-service.jar"), folder),
        home.resolve("src/quickstart/target/quickstart.jar"));
  }

  private static Path copy(Path jar, Path folder) throws IOException {
    if (!Files.exists(jar)) {
      throw new StartFailedException(jar + " is missing; ./weir up builds it");
    }
    return Files.copy(
        jar,
        folder.resolve(jar.getFileName()),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
  }
}
