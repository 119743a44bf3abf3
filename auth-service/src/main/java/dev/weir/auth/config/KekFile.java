package dev.weir.auth.config;

import dev.weir.auth.key.Kek;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.EnumSet;

/** Reads the key-encryption key: 32 random bytes in base64, in a file that nobody else may read. */
final class KekFile {
  private static final String REMEDY =
      "make one with: (umask 077 && head -c 32 /dev/urandom | base64 > FILE)";

  private KekFile() {}

  static Kek read(Setting setting, String name) {
    var variable = setting.variable();
    var path = Path.of(name);
    try {
      var bytes = Base64.getDecoder().decode(Files.readString(path).strip());
      requirePrivate(path);
      return new Kek(bytes);
    } catch (NoSuchFileException e) {
      throw new StartRefused(variable + " names " + name + ", which is not there", REMEDY);
    } catch (IOException e) {
      throw new StartRefused(
          variable + " names " + name + ", which cannot be read", "let this user read it");
    } catch (IllegalArgumentException e) {
      throw new StartRefused(
          variable + " names " + name + ", which is not 32 bytes in base64", REMEDY);
    }
  }

  /**
   * The group may read, because that is how Kubernetes hands out secrets; the rest of the world may
   * not.
   */
  private static void requirePrivate(Path path) throws IOException {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    var open = EnumSet.copyOf(Files.getPosixFilePermissions(path));
    open.retainAll(
        EnumSet.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.GROUP_WRITE));
    if (!open.isEmpty()) {
      throw new StartRefused(path + " is open to other users", "run: chmod 600 " + path);
    }
  }
}
