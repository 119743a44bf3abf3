package dev.weir.quickstart.up;

import dev.weir.quickstart.process.StartFailedException;
import dev.weir.quickstart.store.Tree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The folder of a local run. While this object is open no other launcher can use the folder. */
final class StateFolder implements AutoCloseable {
  private final Path root;
  private final FileChannel channel;
  private final FileLock lock;

  private StateFolder(Path root, FileChannel channel, FileLock lock) {
    this.root = root;
    this.channel = channel;
    this.lock = lock;
  }

  /** Creates the folder where it is missing and takes its lock. */
  static StateFolder open(Path root) throws IOException {
    try {
      return lock(root);
    } catch (FileSystemException e) {
      throw new StartFailedException(
          "the state folder %s cannot be used (%s); set WEIR_STATE_DIR to a folder of your own"
              .formatted(root, reason(e)));
    }
  }

  private static StateFolder lock(Path root) throws IOException {
    if (!Files.exists(root)) {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    var file = root.resolve("lock");
    var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    var lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new StartFailedException(
          "already running on %s (launcher pid %s); stop that one first"
              .formatted(root, Files.readString(file).strip()));
    }
    channel.truncate(0);
    channel.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
    return new StateFolder(root, channel, lock);
  }

  private static String reason(FileSystemException failure) {
    return switch (failure) {
      case AccessDeniedException _ -> "no permission";
      case NoSuchFileException _ -> "it cannot be made";
      case FileAlreadyExistsException _ -> "a file has its name";
      default -> Optional.ofNullable(failure.getReason()).orElse("input or output failed");
    };
  }

  /** Removes everything an earlier run left, except the lock that is held. */
  void clear() throws IOException {
    try (var entries = Files.list(root)) {
      for (var entry : entries.filter(e -> !e.endsWith("lock")).toList()) {
        Tree.delete(entry);
      }
    }
  }

  /** The log of a part in this run; the log of the run before is kept beside it. */
  Path newLog(String part) throws IOException {
    var folder = Files.createDirectories(root.resolve("logs"));
    var log = folder.resolve(part + ".log");
    if (Files.exists(log)) {
      Files.move(log, folder.resolve(part + ".log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    return Files.createFile(log);
  }

  Path resolve(String name) {
    return root.resolve(name);
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}
