package dev.weir.auth.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderMailerTest {
  @TempDir Path folder = Path.of("");

  @Test
  void putsAWholeMailIntoAFileOfItsOwn() throws IOException {
    var mailbox = folder.resolve("mail");
    var mailer = new FolderMailer(mailbox);
    mailer.send(new Mail("a@example.org", "One", "first")).block();
    mailer.send(new Mail("../b@example.org", "Two", "second")).block();
    try (var files = Files.list(mailbox)) {
      var mails = files.sorted().toList();
      assertThat(mails).hasSize(2);
      assertThat(mails.getFirst().getFileName().toString()).endsWith("-a@example.org.txt");
      assertThat(Files.readString(mails.getFirst()))
          .isEqualTo("To: a@example.org\nSubject: One\n\nfirst");
      assertThat(mails.getLast().getFileName().toString()).endsWith("-.._b@example.org.txt");
    }
  }
}
