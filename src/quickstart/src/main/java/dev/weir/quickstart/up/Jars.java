package dev.weir.quickstart.up;

import dev.weir.quickstart.process.StartFailedException;
import dev.weir.quickstart.store.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;

/**
 * What the processes of a run are started from.
 *
 * <p>The services run from copies: a build while the system is up would otherwise pull their
 * classes away from under them.
 *
 * @param gateway the script that starts it
 * @param authOptions those of the auth service's JVM
 */
record Jars(Path gateway, Path auth, Path authOptions, Path quickstart) {
  /** Copies what the build left under the checkout. */
  static Jars take(Path home, Path folder) throws IOException {
    if (Files.exists(folder)) {
      Tree.delete(folder);
    }
    Files.createDirectories(folder);
    return new Jars(
        gateway(home.resolve("gateway"), folder.resolve("gateway")),
        copy(built(home.resolve("auth-service/target/auth-service.jar")), folder),
        home.resolve("auth-service/jvm.options"),
        home.resolve("src/quickstart/target/quickstart.jar"));
  }

  /** Takes the folder that ./weir unpacked, with its AOT cache, or what a plain build leaves. */
  private static Path gateway(Path module, Path folder) throws IOException {
    var jar = built(module.resolve("target/gateway.jar"));
    var unpacked = module.resolve("target/app");
    Files.createDirectories(folder);
    if (isOf(jar, unpacked.resolve("gateway.jar"))) {
      link(unpacked, folder);
    } else {
      copy(jar, folder);
      copy(module.resolve("jvm.options"), folder);
      copy(module.resolve("run"), folder);
    }
    return folder.resolve("run");
  }

  private static Path built(Path jar) {
    if (!Files.exists(jar)) {
      throw new StartFailedException(jar + " is missing; ./weir up builds it");
    }
    return jar;
  }

  /**
   * Whether the application was unpacked after the jar last changed on disk. Maven gives each jar
   * the same date of modification.
   */
  private static boolean isOf(Path jar, Path unpacked) throws IOException {
    return Files.exists(unpacked)
        && ((FileTime) Files.getAttribute(jar, "unix:ctime"))
                .compareTo(Files.getLastModifiedTime(unpacked))
            <= 0;
  }

  /** Links, as two hundred megabytes take their time to copy. A build makes new files. */
  private static void link(Path from, Path to) throws IOException {
    try (var entries = Files.walk(from)) {
      for (var entry : entries.toList()) {
        var target = to.resolve(from.relativize(entry));
        if (Files.isDirectory(entry)) {
          Files.createDirectories(target);
        } else {
          linkOrCopy(entry, target);
        }
      }
    }
  }

  private static void linkOrCopy(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file);
    } catch (IOException | UnsupportedOperationException otherFileSystem) {
      Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  private static Path copy(Path file, Path folder) throws IOException {
    return Files.copy(
        file,
        folder.resolve(file.getFileName()),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
  }
}
