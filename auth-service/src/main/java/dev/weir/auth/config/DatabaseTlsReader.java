package dev.weir.auth.config;

import dev.weir.auth.config.DatabaseTls.Choice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/** Reads how Postgres has to prove who it is. */
record DatabaseTlsReader(SettingTexts texts) {
  DatabaseTls read() {
    var choice =
        texts.parsed(
            Setting.DATABASE_TLS, Choice::parse, "auto, verify-full, verify-ca, require or off");
    return new DatabaseTls(choice, authorities(choice));
  }

  private Optional<Path> authorities(Choice choice) {
    var name = texts.text(Setting.DATABASE_CA_FILE);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (!choice.isProof()) {
      throw new StartRefused(
          Setting.DATABASE_CA_FILE.variable()
              + " is set, and "
              + Setting.DATABASE_TLS.variable()
              + " asks for no proof",
          "use verify-full or verify-ca, or leave the file out");
    }
    return Optional.of(certificates(Path.of(name)));
  }

  /** Read once here, so that a wrong file is told by its name and not at the first connection. */
  private static Path certificates(Path path) {
    try (var in = Files.newInputStream(path)) {
      if (!CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
        return path.toAbsolutePath();
      }
    } catch (IOException e) {
      throw unfit(path, "which cannot be read");
    } catch (CertificateException e) {
      throw unfit(path, "which holds something else");
    }
    throw unfit(path, "which holds none");
  }

  private static StartRefused unfit(Path path, String fault) {
    return new StartRefused(
        Setting.DATABASE_CA_FILE.variable() + " names " + path + ", " + fault,
        "name a file of certificates in PEM");
  }
}
