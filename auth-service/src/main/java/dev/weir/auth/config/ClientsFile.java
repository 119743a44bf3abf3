package dev.weir.auth.config;

import dev.weir.auth.token.Clients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads which services may ask about tokens. It holds public keys only, so others may read it. */
final class ClientsFile {
  private static final int MAX_BYTES = 256 * 1024;

  private ClientsFile() {}

  static Clients read(String path) {
    if (path.isEmpty()) {
      return Clients.none();
    }
    try (var in = Files.newInputStream(Path.of(path))) {
      var bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw refused(path, "it is larger than 256 KiB");
      }
      return Clients.parse(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw refused(path, "it cannot be read");
    } catch (IllegalArgumentException unsound) {
      throw refused(path, String.valueOf(unsound.getMessage()));
    }
  }

  private static StartRefused refused(String path, String reason) {
    return new StartRefused(
        Setting.CLIENTS_FILE.variable() + " does not take '" + path + "': " + reason,
        "write {\"NAME\": {\"keys\": [public JWK with kid, ...]}} (docs/identity.md)");
  }
}
