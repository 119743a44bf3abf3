package dev.weir.auth.config;

import dev.weir.auth.config.Settings.Host;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a server of Postgres has to prove who it is before it is told a password.
 *
 * @param authorities certificates in PEM that its own must come from; without them those that the
 *     JVM trusts
 */
record DatabaseTls(Choice choice, Optional<Path> authorities) {
  /** What was chosen for all servers; {@code AUTO} looks at where each of them is. */
  enum Choice {
    AUTO("auto"),
    VERIFY_FULL("verify-full"),
    VERIFY_CA("verify-ca"),
    REQUIRE("require"),
    OFF("off");

    private final String word;

    Choice(String word) {
      this.word = word;
    }

    static Choice parse(String word) {
      return Arrays.stream(values())
          .filter(choice -> choice.word.equals(word))
          .findFirst()
          .orElseThrow(IllegalArgumentException::new);
    }

    boolean isProof() {
      return this == AUTO || this == VERIFY_FULL || this == VERIFY_CA;
    }
  }

  /** What holds for one server. */
  enum Proof {
    /** Nothing is encrypted. */
    NONE("disable"),
    /** It is encrypted, for whoever it is. */
    ENCRYPTED("require"),
    /** An authority has signed the certificate, for whatever host. */
    AUTHORITY("verify-ca"),
    /** An authority has signed the certificate for this host. */
    HOST("verify-full");

    private final String jdbc;

    Proof(String jdbc) {
      this.jdbc = jdbc;
    }

    String jdbc() {
      return jdbc;
    }

    boolean isOfAuthority() {
      return this == AUTHORITY || this == HOST;
    }
  }

  Proof of(Host host) {
    return switch (choice) {
      case AUTO -> ThisMachine.is(host.name()) ? Proof.NONE : Proof.HOST;
      case VERIFY_FULL -> Proof.HOST;
      case VERIFY_CA -> Proof.AUTHORITY;
      case REQUIRE -> Proof.ENCRYPTED;
      case OFF -> Proof.NONE;
    };
  }
}
