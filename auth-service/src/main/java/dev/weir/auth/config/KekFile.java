package dev.weir.auth.config;

import dev.weir.auth.key.Kek;
import java.nio.file.Path;
import java.util.Base64;

/** Reads the key-encryption key: 32 random bytes in base64, in a file that nobody else may read. */
final class KekFile {
  private static final String REMEDY =
      "make one with: (umask 077 && head -c 32 /dev/urandom | base64 > FILE)";

  private KekFile() {}

  static Kek read(Setting setting, String name) {
    var text = PrivateFile.read(setting, Path.of(name), REMEDY);
    try {
      return new Kek(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw new StartRefused(
          setting.variable() + " names " + name + ", which is not 32 bytes in base64", REMEDY);
    }
  }
}
