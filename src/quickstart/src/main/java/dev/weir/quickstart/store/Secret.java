package dev.weir.quickstart.store;

import dev.weir.quickstart.certificate.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** A random value of 256 bits that is kept in a file only its owner may read. */
public record Secret(String text) {
  private static final int BYTES = 32;

  /** Reads the secret, or makes it where there is none. */
  public static Secret keep(Path file, SecureRandom random) throws IOException {
    if (!Files.exists(file)) {
      var bytes = new byte[BYTES];
      random.nextBytes(bytes);
      Files.createDirectories(file.toAbsolutePath().getParent());
      PrivateFile.write(file, Base64.getEncoder().encodeToString(bytes) + "\n");
    }
    return new Secret(Files.readString(file).strip());
  }

  @Override
  public String toString() {
    return "Secret[...]";
  }
}
