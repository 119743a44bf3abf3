package dev.weir.auth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weir.auth.account.Accounts;
import dev.weir.auth.account.EmailAddress;
import dev.weir.auth.administration.AccountImport;
import dev.weir.auth.password.Credentials;
import dev.weir.auth.password.StoredHash;
import dev.weir.auth.testing.Person;
import dev.weir.auth.testing.TestSystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brings accounts along from elsewhere, and lets their holders in. */
class ImportCommandIT {
  private static final String PASSWORD = "pässword of old";
  private static final String BCRYPT =
      "$2b$05$abcdefghijklmnopqrstuuH8YQC/JJ5DFjNvY.XqnFPFqMkS.rPQS";

  @TempDir Path folder = Path.of("");

  private final TestSystem system = TestSystem.shared();
  private final Credentials credentials = system.context().getBean(Credentials.class);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void letsAnImportedPersonInAndHashesThePasswordAnewBesideTheAnswer() throws IOException {
    var person = new Person(system.client(), address(), PASSWORD);
    assertThat(run(person.email() + " " + BCRYPT + " proven")).isZero();
    assertThat(printed()).isEqualTo("1 imported, 0 were there already, 0 refused\n");
    var id = id(person);
    assertThat(stored(id).phc()).isEqualTo(BCRYPT);
    assertThat(person.login("another password").code()).isEqualTo("invalid-credentials");
    assertThat(stored(id).phc()).as("a wrong password changes nothing").isEqualTo(BCRYPT);

    assertThat(person.login().status()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(10)).until(() -> stored(id).phc().startsWith("$argon2id$"));
    assertThat(person.login().status()).isEqualTo(200);
    assertThat(person.login("another password").code()).isEqualTo("invalid-credentials");
  }

  /** The hash anew comes late: somebody has changed the password while it was computed. */
  @Test
  void neverPutsAHashBackOverAPasswordThatWasChangedMeanwhile() throws IOException {
    var person = new Person(system.client(), address(), PASSWORD);
    assertThat(run(person.email() + " " + BCRYPT)).isZero();
    var id = id(person);
    var imported = stored(id);
    var changed = new StoredHash("$argon2id$changed", "p1");
    assertThat(credentials.reset(id, changed).block()).isOne();
    assertThat(credentials.replace(id, imported, new StoredHash("$argon2id$late", "p1")).block())
        .isZero();
    assertThat(stored(id).phc()).isEqualTo("$argon2id$changed");
  }

  @Test
  void tellsLinesByNumberAndMayBeRepeated() throws IOException {
    var registered = Person.registered(system.client());
    var fresh = address();
    var lines =
        String.join(
            "\n",
            "# from the old system",
            "",
            registered.email() + " " + BCRYPT,
            fresh + "\t" + BCRYPT,
            "no-address " + BCRYPT,
            address() + " hunter2hunter2",
            address(),
            address() + " " + BCRYPT + " perhaps");
    assertThat(run(lines)).isEqualTo(1);
    assertThat(printed())
        .contains(
            "line 5 has no e-mail address\n",
            "line 6 has a hash of no kind that is known",
            "line 7 is not ADDRESS HASH",
            "line 8 is not ADDRESS HASH",
            "1 imported, 1 were there already, 4 refused\n")
        .doesNotContain("hunter2", "$2b$", "@");
    assertThat(registered.login().status()).as("they keep their password").isEqualTo(200);
    out.reset();
    assertThat(run(fresh + " " + BCRYPT)).isZero();
    assertThat(printed()).isEqualTo("0 imported, 1 were there already, 0 refused\n");
  }

  @Test
  void saysThatThereIsNoFile() {
    var gone = folder.resolve("gone").toString();
    assertThat(command().run(List.of("import", gone))).isEqualTo(1);
    assertThat(printed()).startsWith("cannot read ");
  }

  private int run(String lines) throws IOException {
    var file = Files.writeString(folder.resolve("accounts"), lines);
    return command().run(List.of("import", file.toString()));
  }

  private ImportCommand command() {
    return new ImportCommand(
        system.context().getBean(AccountImport.class),
        new PrintStream(out, true, StandardCharsets.UTF_8));
  }

  private UUID id(Person person) {
    return system
        .context()
        .getBean(Accounts.class)
        .findByEmail(new EmailAddress(person.email()))
        .blockOptional()
        .orElseThrow()
        .id();
  }

  private StoredHash stored(UUID id) {
    return credentials.find(id).blockOptional().orElseThrow();
  }

  private static String address() {
    return "imported-" + UUID.randomUUID() + "@example.org";
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }
}
