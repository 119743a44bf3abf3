package dev.weir.auth.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  @TempDir Path folder = Path.of("");

  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void writeKek() throws IOException {
    var file = folder.resolve("kek");
    Files.writeString(file, Base64.getEncoder().encodeToString(new byte[32]));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    variables.put("WEIR_AUTH_KEK_FILE", file.toString());
  }

  @Test
  void hasSafeValuesForEverythingButTheKek() {
    var settings = read();
    assertThat(settings.service()).isEqualTo(new Settings.Listener("127.0.0.1", 8090));
    assertThat(settings.allowedOrigins()).containsExactly("https://localhost:8443");
    assertThat(settings.disclosure().name()).isEqualTo("CONCEAL");
  }

  @ParameterizedTest
  @CsvSource({
    "smtp://127.0.0.1:1025, auto, OFFERED",
    "smtp://mail.example:25, auto, REQUIRED",
    "smtp://127.example:25, auto, REQUIRED",
    "smtp://127.0.0.1.example:25, auto, REQUIRED",
    "smtp://mail.example:25, offered, OFFERED",
    "smtp://127.0.0.1:1025, required, REQUIRED"
  })
  void sendsMailsInTheOpenWithinThisMachineOnlyUnlessToldTo(
      String server, String said, String startTls) {
    variables.put("WEIR_AUTH_MAIL_SMTP_URI", server);
    variables.put("WEIR_AUTH_MAIL_STARTTLS", said);
    assertThat(read().mail().startTls().name()).isEqualTo(startTls);
  }

  @Test
  void givesTheRolesBesideTheMainOneItsPasswordUnlessTheyHaveTheirOwn() {
    variables.put("WEIR_AUTH_DATABASE_PASSWORD", "shared");
    variables.put("WEIR_AUTH_DATABASE_PURGE_PASSWORD", "own");
    var logins = read().database().logins();
    assertThat(logins.outbox()).isEqualTo(login("auth_outbox", "shared"));
    assertThat(logins.reading()).isEqualTo(login("auth_read", "shared"));
    assertThat(logins.purging()).isEqualTo(login("auth_purge", "own"));
  }

  private static Settings.Login login(String user, String password) {
    return new Settings.Login(user, new Secret.Written(password));
  }

  @Test
  void readsAPasswordFromAFileWhoeverUsesIt() throws IOException {
    variables.put("WEIR_AUTH_DATABASE_PASSWORD_FILE", secret("database", "shared\n").toString());
    variables.put("WEIR_AUTH_DATABASE_PURGE_PASSWORD_FILE", secret("purge", "own").toString());
    variables.put("WEIR_AUTH_REDIS_URI", "rediss://weir@redis:6379");
    variables.put("WEIR_AUTH_REDIS_PASSWORD_FILE", secret("redis", "r").toString());
    variables.put("WEIR_AUTH_MAIL_SMTP_URI", "smtps://weir@mail:465");
    variables.put("WEIR_AUTH_MAIL_PASSWORD_FILE", secret("mail", "m").toString());
    var settings = read();
    var logins = settings.database().logins();
    assertThat(logins.application().password().text()).isEqualTo("shared");
    assertThat(logins.outbox().password()).isSameAs(logins.application().password());
    assertThat(logins.purging().password().text()).isEqualTo("own");
    assertThat(settings.redis().login().orElseThrow().user()).isEqualTo("weir");
    assertThat(settings.redis().login().orElseThrow().password().text()).isEqualTo("r");
    assertThat(settings.mail().login().orElseThrow().user()).isEqualTo("weir");
    assertThat(settings.mail().login().orElseThrow().password().text()).isEqualTo("m");
    assertThat(settings.secretFiles()).hasSize(4);
    assertThat(logins + settings.redis().toString() + settings.mail()).doesNotContain("shared");
  }

  @Test
  void leavesWhatStandsInAUriToWhoeverReadsIt() {
    variables.put("WEIR_AUTH_REDIS_URI", "redis://password@redis:6379");
    variables.put("WEIR_AUTH_MAIL_SMTP_URI", "smtps://weir:written@mail:465");
    assertThat(read().redis().login()).isEmpty();
    assertThat(read().mail().login()).contains(login("weir", "written"));
    assertThat(read().secretFiles()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "WEIR_AUTH_DATABASE_PASSWORD, x, WEIR_AUTH_DATABASE_PASSWORD and WEIR_AUTH_DATABASE_PASSWORD_FILE are both set; set one of them",
    "WEIR_AUTH_REDIS_URI, redis://a:b@c, WEIR_AUTH_REDIS_URI holds a password beside WEIR_AUTH_REDIS_PASSWORD_FILE; set one of them",
    "WEIR_AUTH_MAIL_SMTP_URI, smtp://a:b@c, WEIR_AUTH_MAIL_SMTP_URI holds a password beside WEIR_AUTH_MAIL_PASSWORD_FILE; set one of them"
  })
  void refusesAPasswordInTwoPlaces(String name, String value, String line) throws IOException {
    for (var kind : List.of("DATABASE", "REDIS", "MAIL")) {
      variables.put("WEIR_AUTH_" + kind + "_PASSWORD_FILE", secret(kind, "file").toString());
    }
    variables.put(name, value);
    assertThatThrownBy(this::read).isInstanceOf(StartRefused.class).hasMessage(line);
  }

  @Test
  void refusesAPasswordFileThatIsEmptyGoneOrOpenToOthers() throws IOException {
    var file = secret("database", "\n");
    variables.put("WEIR_AUTH_DATABASE_PASSWORD_FILE", file.toString());
    assertThatThrownBy(this::read).hasMessageContaining("which is empty");
    Files.writeString(file, "secret");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(this::read).hasMessageContaining("open to other users; run: chmod 600");
    Files.delete(file);
    assertThatThrownBy(this::read).hasMessageContaining("which is not there");
  }

  private Path secret(String name, String text) throws IOException {
    var file = Files.writeString(folder.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
  }

  @Test
  void takesSeveralHostsOfOneDatabase() {
    variables.put("WEIR_AUTH_DATABASE_URL", "postgresql://one,[::1]:5433,10.0.0.3:5434/weir");
    var place = read().database().place();
    assertThat(place)
        .isEqualTo(
            new Settings.Place(
                List.of(
                    new Settings.Host("one", 5432),
                    new Settings.Host("[::1]", 5433),
                    new Settings.Host("10.0.0.3", 5434)),
                "weir",
                new DatabaseTls(DatabaseTls.Choice.AUTO, Optional.empty())));
  }

  @ParameterizedTest
  @CsvSource({
    "auto, db-1, HOST",
    "auto, 127.example, HOST",
    "auto, 127.0.0.1, NONE",
    "auto, localhost, NONE",
    "auto, [::1], NONE",
    "verify-full, 127.0.0.1, HOST",
    "verify-ca, db-1, AUTHORITY",
    "require, db-1, ENCRYPTED",
    "off, db-1, NONE"
  })
  void asksADatabaseForProofUnlessItIsOnThisMachineOrToldNotTo(
      String said, String host, DatabaseTls.Proof proof) {
    variables.put("WEIR_AUTH_DATABASE_TLS", said);
    variables.put("WEIR_AUTH_DATABASE_URL", "postgresql://other," + host + "/weir");
    variables.put("WEIR_AUTH_DATABASE_REPLICA_URL", "postgresql://" + host + "/weir");
    var database = read().database();
    for (var place : List.of(database.place(), database.replica().orElseThrow())) {
      assertThat(place.tls().of(place.hosts().getLast())).isEqualTo(proof);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "verify-full, gone, 'which cannot be read; name a file of certificates in PEM'",
    "auto, kek, 'name a file of certificates in PEM'",
    "require, kek, 'asks for no proof; use verify-full or verify-ca, or leave the file out'",
    "off, kek, 'asks for no proof; use verify-full or verify-ca, or leave the file out'"
  })
  void refusesAuthoritiesThatAreNoneOrThatNothingAsksFor(String tls, String file, String end) {
    variables.put("WEIR_AUTH_DATABASE_TLS", tls);
    variables.put("WEIR_AUTH_DATABASE_CA_FILE", folder.resolve(file).toString());
    assertThatThrownBy(this::read)
        .isInstanceOf(StartRefused.class)
        .hasMessageStartingWith("WEIR_AUTH_DATABASE_CA_FILE ")
        .hasMessageEndingWith(end);
  }

  @Test
  void takesASigningKeyThatIsKnownForAWhileOnly() {
    variables.put("WEIR_AUTH_SIGNING_KEY_AHEAD", "8s");
    assertThat(read().keyPace().maxAge()).isEqualTo(Duration.ofSeconds(4));
  }

  @Test
  void takesAFolderForAMailbox() {
    variables.put("WEIR_AUTH_MAIL_SMTP_URI", "file:///var/mail/weir");
    assertThat(read().mail().server().getPath()).isEqualTo("/var/mail/weir");
  }

  @Test
  void leavesTheVariablesOfOthersAlone() {
    variables.put("WEIR_EDGE_PORT", "8443");
    variables.put("WEIR_NONSENSE", "x");
    assertThat(read().service().port()).isEqualTo(8090);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "WEIR_AUTH_PROT | 1 | unknown setting WEIR_AUTH_PROT; docs/identity.md lists the known ones",
        "WEIR_AUTH_REDIS_URL | x | unknown setting WEIR_AUTH_REDIS_URL (did you mean WEIR_AUTH_REDIS_URI?); docs/identity.md lists the known ones",
        "WEIR_AUTH_PORT | 65536 | WEIR_AUTH_PORT does not take '65536'; use a port from 0 to 65535",
        "WEIR_AUTH_REDIS_URI | http://x | WEIR_AUTH_REDIS_URI does not take its value; use a URI such as redis://host:6379",
        "WEIR_AUTH_TRUSTED_PROXIES | proxy | WEIR_AUTH_TRUSTED_PROXIES does not take 'proxy'; use a comma list of blocks such as 10.0.0.0/8",
        "WEIR_AUTH_REGISTRATION_DISCLOSURE | maybe | WEIR_AUTH_REGISTRATION_DISCLOSURE does not take 'maybe'; use reveal or conceal",
        "WEIR_AUTH_ADDRESS | 300.1.1.1 | WEIR_AUTH_ADDRESS does not take '300.1.1.1'; use an address of this machine, 0.0.0.0 for all of them",
        "WEIR_AUTH_MAIL_FROM | nobody | WEIR_AUTH_MAIL_FROM does not take 'nobody'; use an address such as weir@example.com",
        "WEIR_AUTH_SIGNING_KEY_AHEAD | 3s | WEIR_AUTH_SIGNING_KEY_AHEAD does not take '3s'; use seconds from 4s to 3600s",
        "WEIR_AUTH_DATABASE_URL | postgresql://a:1,a:1/weir | WEIR_AUTH_DATABASE_URL does not take 'postgresql://a:1,a:1/weir'; use postgresql://host:5432/name, or up to 4 hosts with commas between, with the users set apart",
        "WEIR_AUTH_DATABASE_URL | postgresql://a,/weir | WEIR_AUTH_DATABASE_URL does not take 'postgresql://a,/weir'; use postgresql://host:5432/name, or up to 4 hosts with commas between, with the users set apart",
        "WEIR_AUTH_DATABASE_URL | postgresql://a:0/weir | WEIR_AUTH_DATABASE_URL does not take 'postgresql://a:0/weir'; use postgresql://host:5432/name, or up to 4 hosts with commas between, with the users set apart",
        "WEIR_AUTH_DATABASE_URL | postgresql://me@a/weir | WEIR_AUTH_DATABASE_URL does not take its value; use postgresql://host:5432/name, or up to 4 hosts with commas between, with the users set apart",
        "WEIR_AUTH_DATABASE_URL | postgresql://me:hidden@a/weir | WEIR_AUTH_DATABASE_URL does not take its value; use postgresql://host:5432/name, or up to 4 hosts with commas between, with the users set apart",
        "WEIR_AUTH_DATABASE_REPLICA_URL | postgresql://a,b/weir | WEIR_AUTH_DATABASE_REPLICA_URL does not take 'postgresql://a,b/weir'; use postgresql://host:5432/name, with the users set apart",
        "WEIR_AUTH_DATABASE_TLS | prefer | WEIR_AUTH_DATABASE_TLS does not take 'prefer'; use auto, verify-full, verify-ca, require or off",
        "WEIR_AUTH_LIMIT_REGISTER | 5 | WEIR_AUTH_LIMIT_REGISTER does not take '5'; use attempts/window such as 30/5m",
        "WEIR_AUTH_AUDIT_MONTHS | -1 | WEIR_AUTH_AUDIT_MONTHS does not take '-1'; use 0 for all, or a number of months up to 1200",
        "WEIR_AUTH_PASSWORD_RANGES_URL | ftp://x | WEIR_AUTH_PASSWORD_RANGES_URL does not take 'ftp://x'; use a URI such as https://ranges.example/range/",
        "WEIR_AUTH_KEK_FILE | '' | WEIR_AUTH_KEK_FILE is not set; set it (docs/identity.md)"
      },
      delimiter = '|')
  void refusesWithOneLineThatNamesTheSettingAndTheCure(String name, String value, String line) {
    variables.put(name, value);
    assertThatThrownBy(this::read).isInstanceOf(StartRefused.class).hasMessage(line);
  }

  @Test
  void refusesAKekThatOthersMayRead() throws IOException {
    var file = folder.resolve("kek");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(this::read).hasMessageContaining("open to other users; run: chmod 600");
  }

  @Test
  void namesTheSettingWhoseOtherKekIsMissing() {
    variables.put("WEIR_AUTH_KEK_OTHER_FILES", folder.resolve("gone").toString());
    assertThatThrownBy(this::read)
        .hasMessageContaining("WEIR_AUTH_KEK_OTHER_FILES names")
        .hasMessageContaining("which is not there");
  }

  private Settings read() {
    return SettingsReader.read(SettingSources.of(variables));
  }

  @Test
  void everySettingStandsInTheOperatorsPageWithItsDefault() throws IOException {
    var page = Files.readString(Path.of("../docs/identity.md"));
    for (var setting : Setting.values()) {
      assertThat(page).contains("| `" + setting.name() + "` | " + setting.fallback());
    }
  }
}
