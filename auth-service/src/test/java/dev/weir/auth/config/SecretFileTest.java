package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files as agents of vaults write them. */
class SecretFileTest {
  @TempDir Path folder = Path.of("");

  @Test
  void takesAFileThatAnAgentRenamesIntoPlace() throws IOException {
    var file = write(folder.resolve("password"), "one\n");
    var secret = SecretFile.open(Setting.DATABASE_PASSWORD_FILE, file);
    assertThat(secret.text()).isEqualTo("one");
    Files.move(
        write(folder.resolve(".password.tmp"), "two\n"), file, StandardCopyOption.ATOMIC_MOVE);
    assertThat(secret.text()).isEqualTo("one");
    secret.look();
    assertThat(secret.text()).isEqualTo("two");
  }

  /** A volume of Kubernetes: the name links into ..data, which links to the folder of a version. */
  @Test
  void takesAVersionThatALinkIsExchangedFor() throws IOException {
    write(Files.createDirectory(folder.resolve("v1")).resolve("password"), "one");
    write(Files.createDirectory(folder.resolve("v2")).resolve("password"), "two");
    var data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("v1"));
    var file =
        Files.createSymbolicLink(folder.resolve("password"), Path.of("..data").resolve("password"));
    var secret = SecretFile.open(Setting.DATABASE_PASSWORD_FILE, file);
    var next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("v2"));
    Files.move(next, data, StandardCopyOption.ATOMIC_MOVE);
    secret.look();
    assertThat(secret.text()).isEqualTo("two");
  }

  @Test
  void keepsWhatWasGoodWhileTheFileIsGoneEmptyOrTooLarge() throws IOException {
    var file = write(folder.resolve("password"), "one");
    var secret = SecretFile.open(Setting.DATABASE_PASSWORD_FILE, file);
    for (var useless : List.of("", " \n", "x".repeat(5000))) {
      Files.writeString(file, useless);
      secret.look();
      assertThat(secret.text()).isEqualTo("one");
    }
    Files.delete(file);
    secret.look();
    assertThat(secret.text()).isEqualTo("one");
    write(file, "two");
    secret.look();
    assertThat(secret.text()).isEqualTo("two");
  }

  /** Whoever may write to it has us log in with a word of theirs; whoever reads it has ours. */
  @Test
  void keepsWhatWasGoodWhileOthersMayReadOrWriteTheFile() throws IOException {
    var file = write(folder.resolve("password"), "one");
    var secret = SecretFile.open(Setting.DATABASE_PASSWORD_FILE, file);
    for (var open : List.of("rw-r--r--", "rw-rw----", "rw-----w-")) {
      var fresh = write(folder.resolve(".tmp"), "two");
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(open));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      secret.look();
      assertThat(secret.text()).as(open).isEqualTo("one");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    secret.look();
    assertThat(secret.text()).isEqualTo("two");
  }

  /** Opening a pipe waits for whoever writes to it, and no other secret would be looked at then. */
  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void waitsForNoPipe() throws IOException, InterruptedException {
    var file = write(folder.resolve("password"), "one");
    var secret = SecretFile.open(Setting.DATABASE_PASSWORD_FILE, file);
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", "-m", "600", file.toString()).start().waitFor())
        .isZero();
    secret.look();
    assertThat(secret.text()).isEqualTo("one");
  }

  @Test
  void isLookedAtByItself() throws IOException {
    var file = write(folder.resolve("password"), "one");
    var secret = SecretFile.open(Setting.DATABASE_PASSWORD_FILE, file);
    try (var _ = new SecretWatch(List.of(secret))) {
      Files.move(write(folder.resolve(".tmp"), "two"), file, StandardCopyOption.ATOMIC_MOVE);
      await().atMost(Duration.ofSeconds(10)).until(() -> secret.text().equals("two"));
    }
  }

  @Test
  void tellsNobodyWhatIsInIt() throws IOException {
    var file = write(folder.resolve("password"), "hidden-word");
    var secret = SecretFile.open(Setting.DATABASE_PASSWORD_FILE, file);
    assertThat(secret.toString()).doesNotContain("hidden-word");
    assertThat(new Secret.Written("hidden-word").toString()).doesNotContain("hidden-word");
  }

  private static Path write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
