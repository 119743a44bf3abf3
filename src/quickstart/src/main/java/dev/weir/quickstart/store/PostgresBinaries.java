package dev.weir.quickstart.store;

import dev.weir.quickstart.process.StartFailedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** Unpacks the Postgres server for this machine from the library that carries it. */
public final class PostgresBinaries {
  private PostgresBinaries() {}

  /** Unpacks into the folder unless the very same archive was unpacked there before. */
  public static void unpack(Path folder) throws IOException {
    var archive = archive();
    var note = folder.resolve("unpacked-from");
    var origin =
        archive.getFile().replaceAll(".*/", "")
            + " "
            + archive.openConnection().getContentLengthLong();
    if (Files.exists(note) && Files.readString(note).equals(origin)) {
      return;
    }
    if (Files.exists(folder)) {
      Tree.delete(folder);
    }
    Files.createDirectories(folder);
    try (var stream = archive.openStream()) {
      unpack(stream, folder);
    }
    // Written last: a folder without it is not whole.
    Files.writeString(note, origin);
  }

  private static URL archive() {
    var system =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac")
            ? "darwin"
            : "linux";
    var machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    var name = "postgres-" + system + "-" + machine + ".txz";
    var archive = PostgresBinaries.class.getClassLoader().getResource(name);
    if (archive == null) {
      throw new StartFailedException(
          "no Postgres for " + system + " on " + machine + " is packed with Weir");
    }
    return archive;
  }

  private static void unpack(InputStream archive, Path folder) throws IOException {
    try (var tar = new TarArchiveInputStream(new XZInputStream(archive))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder.normalize())) {
          throw new IOException("archive entry outside its folder: " + entry.getName());
        }
        write(tar, entry, target);
      }
    }
  }

  private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target)
      throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
    if ((entry.getMode() & 0100) != 0) {
      target.toFile().setExecutable(true);
    }
  }
}
