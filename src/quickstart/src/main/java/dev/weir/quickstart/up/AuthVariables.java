package dev.weir.quickstart.up;

import dev.weir.quickstart.store.Database;
import dev.weir.quickstart.store.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;

/** Tells the auth service, and its commands, where everything is and by what secrets. */
record AuthVariables(Settings settings, Path state, SecureRandom random) {
  private static final String LOOPBACK = "127.0.0.1";

  Map<String, String> map() throws IOException {
    var environment = new HashMap<String, String>();
    environment.put("WEIR_AUTH_ADDRESS", LOOPBACK);
    environment.put("WEIR_AUTH_PORT", port(PortSetting.AUTH));
    environment.put("WEIR_AUTH_MANAGEMENT_PORT", port(PortSetting.AUTH_MANAGEMENT));
    environment.put(
        "WEIR_AUTH_DATABASE_URL",
        "postgresql://127.0.0.1:" + port(PortSetting.POSTGRES) + "/" + Database.NAME);
    environment.put("WEIR_AUTH_DATABASE_USER", Database.APP);
    environment.put("WEIR_AUTH_DATABASE_PASSWORD", secret("secrets/" + Database.APP));
    environment.put("WEIR_AUTH_DATABASE_OUTBOX_PASSWORD", secret("secrets/" + Database.OUTBOX));
    environment.put("WEIR_AUTH_DATABASE_READ_PASSWORD", secret("secrets/" + Database.READ));
    environment.put("WEIR_AUTH_DATABASE_PURGE_PASSWORD", secret("secrets/" + Database.PURGE));
    environment.put("WEIR_AUTH_DATABASE_OWNER_USER", Database.OWNER);
    environment.put("WEIR_AUTH_DATABASE_OWNER_PASSWORD", secret("secrets/" + Database.OWNER));
    environment.put("WEIR_AUTH_REDIS_URI", "redis://127.0.0.1:" + port(PortSetting.REDIS));
    environment.put("WEIR_AUTH_ISSUER", "https://localhost:" + port(PortSetting.EDGE) + "/auth");
    environment.put("WEIR_AUTH_ALLOWED_ORIGINS", "https://localhost:" + port(PortSetting.EDGE));
    environment.put("WEIR_AUTH_KEK_FILE", kek().toString());
    // No mail server is part of the quickstart: mails are files that a person and a test can read.
    environment.put("WEIR_AUTH_MAIL_SMTP_URI", "file://" + state.resolve("mail").toAbsolutePath());
    environment.put("WEIR_AUTH_REGISTRATION_DISCLOSURE", "reveal");
    return environment;
  }

  private Path kek() throws IOException {
    var file = state.resolve("kek");
    Secret.keep(file, random);
    return file;
  }

  private String secret(String name) throws IOException {
    return Secret.keep(state.resolve(name), random).text();
  }

  private String port(PortSetting setting) {
    return Integer.toString(settings.ports().get(setting));
  }
}
