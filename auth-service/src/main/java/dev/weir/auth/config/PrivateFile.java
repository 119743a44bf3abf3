package dev.weir.auth.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;

/** A short text in a file that nobody else may read. */
final class PrivateFile {
  private static final int MAX_BYTES = 4096;

  private PrivateFile() {}

  /** Reads what a setting names, or refuses the start. */
  static String read(Setting setting, Path path, String remedy) {
    var named = setting.variable() + " names " + path;
    try {
      return content(path);
    } catch (NoSuchFileException e) {
      throw new StartRefused(named + ", which is not there", remedy);
    } catch (Exposed e) {
      throw new StartRefused(path + " is open to other users", "run: chmod 600 " + path);
    } catch (IOException e) {
      throw new StartRefused(named + ", which cannot be read", "let this user read it");
    }
  }

  /** What the file holds, without the end of line that an editor leaves. */
  static String content(Path path) throws IOException {
    requirePrivate(path);
    try (var in = Files.newInputStream(path)) {
      var bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("larger than a secret is");
      }
      return new String(bytes, StandardCharsets.UTF_8).strip();
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
    var open = EnumSet.noneOf(PosixFilePermission.class);
    open.addAll(Files.getPosixFilePermissions(path));
    open.retainAll(
        EnumSet.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.GROUP_WRITE));
    if (!open.isEmpty()) {
      throw new Exposed();
    }
  }

  /** Others may read the file, or write to it. */
  private static final class Exposed extends IOException {
    private static final long serialVersionUID = 1L;

    Exposed() {
      super("it is open to other users");
    }
  }
}
