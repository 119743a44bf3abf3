package dev.weir.drills.stand;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Copies the data of a Postgres that goes on writing, between the beginning and the end of a
 * backup: without what belongs to its process, and without its log, which a replica streams.
 */
final class DataCopy extends SimpleFileVisitor<Path> {
  private static final Set<String> ITS_PROCESSES = Set.of("postmaster.pid", "postmaster.opts");
  private static final Set<String> LEFT_EMPTY = Set.of("pg_wal", "pg_replslot", "pg_stat_tmp");

  private final Path from;
  private final Path to;

  private DataCopy(Path from, Path to) {
    this.from = from;
    this.to = to;
  }

  static void make(Path from, Path to) throws IOException {
    var _ = Files.walkFileTree(from, new DataCopy(from, to));
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
      throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectory(to.resolve(from.relativize(folder).toString()), ownerOnly);
    boolean isEmpty = LEFT_EMPTY.contains(from.relativize(folder).toString());
    return isEmpty ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (!ITS_PROCESSES.contains(from.relativize(file).toString())) {
      try {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      } catch (NoSuchFileException deletedMeanwhile) {
        // The log says so as well.
      }
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }
}
