package dev.weir.auth.mail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Puts mails into a folder instead of sending them: the mailbox of a run on one machine, for people
 * and tests to read. The latest thousand stay.
 */
public final class FolderMailer implements Mailer {
  private static final int KEPT = 1000;

  private final Path folder;
  private final AtomicLong number = new AtomicLong(System.currentTimeMillis());

  public FolderMailer(Path folder) {
    this.folder = folder;
  }

  @Override
  public Mono<Void> send(Mail mail) {
    return Mono.fromCallable(() -> write(mail)).subscribeOn(Schedulers.boundedElastic()).then();
  }

  /** Writes beside and moves, so that a reader never meets half a mail. */
  private Path write(Mail mail) throws IOException {
    Files.createDirectories(folder);
    var name = "%d-%s.txt".formatted(number.incrementAndGet(), safe(mail.to()));
    var half = Files.createTempFile(folder, ".", ".half");
    Files.writeString(
        half, "To: %s\nSubject: %s\n\n%s".formatted(mail.to(), mail.subject(), mail.text()));
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rw-------"));
    }
    var written = Files.move(half, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    forgetOldest();
    return written;
  }

  private void forgetOldest() throws IOException {
    try (var all = Files.list(folder)) {
      var mails = all.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
      for (var old : mails.subList(0, Math.max(0, mails.size() - KEPT))) {
        Files.deleteIfExists(old);
      }
    }
  }

  private static String safe(String address) {
    return address.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9@.+-]", "_");
  }
}
